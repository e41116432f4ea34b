"""Let `python -m skillmap` be the command."""

from skillmap.cli import main

main()
