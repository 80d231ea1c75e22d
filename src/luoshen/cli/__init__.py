"""The command line: one module a command."""

from luoshen.cli.main import main

__all__ = ["main"]
