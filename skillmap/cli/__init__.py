"""The command line: reads options, calls one workflow, shows what came out."""

from skillmap.cli.app import app, main

__all__ = ["app", "main"]
