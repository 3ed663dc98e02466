"""Start of the frozen window."""

from latchlight.gui.main import entry_point

if __name__ == "__main__":
    entry_point()
