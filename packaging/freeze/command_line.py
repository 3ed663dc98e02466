"""Start of the frozen command line. Never imports Qt: servers have none, and it would cost half the start."""

from latchlight.cli.main import entry_point

if __name__ == "__main__":
    entry_point()
