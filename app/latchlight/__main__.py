"""`python -m latchlight` is the command line."""

from latchlight.cli.main import entry_point

if __name__ == "__main__":
    entry_point()
