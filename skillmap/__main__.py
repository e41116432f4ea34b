"""Let `python -m skillmap` be the command."""

from skillmap.cli import main

if __name__ == "__main__":
    main()
