"""Depositary: hand-curated treaty records in, a static site out. ARCHITECTURE.md is the map."""

__version__ = "0.1.0"
