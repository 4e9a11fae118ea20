"""A whole tiny world and its exact output: tests/golden/seeds and tests/golden/expected."""
