"""Latchlight: is this exchange API key safe to hand to a bot?"""

__version__ = "0.1.0"
