"""Lets `python -m handlepligt` be the command."""

from handlepligt.cli import app

if __name__ == "__main__":
    app()
