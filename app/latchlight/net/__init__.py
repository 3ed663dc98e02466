"""The only folder that talks to the network. What leaves this computer is decided here.

Before anything else here is loaded, requests is imported without its guesser of text encodings:
answers are read as strict bytes, so it would only cost a sixth of the program's start-up.
"""

from __future__ import annotations

import sys
import warnings

_GUESSERS = ("chardet", "charset_normalizer")


def _import_requests_without_guesser() -> None:
    """requests treats both guessers as optional and warns when it finds neither."""
    if "requests" in sys.modules:
        return
    hidden = [name for name in _GUESSERS if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import requests  # noqa: F401
    finally:
        for name in hidden:
            del sys.modules[name]


_import_requests_without_guesser()
