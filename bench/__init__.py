"""How fast: a synthetic corpus, a peer that reads the same records, and the measurement of both."""
