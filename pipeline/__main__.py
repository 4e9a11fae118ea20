"""`python -m pipeline` is the same as the command `depositary`."""

from pipeline.cli import main

main()
