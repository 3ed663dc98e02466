"""Everything worth remembering that is not secret: one SQLite file in the user's data folder.

No secret ever comes here; keys are in the system keyring (`latchlight.vault`).
"""

from __future__ import annotations

from latchlight.store.place import data_folder, set_aside
from latchlight.store.rows import Contact, PastReport
from latchlight.store.settings import Theme
from latchlight.store.store import Store

__all__ = ["Contact", "PastReport", "Store", "Theme", "data_folder", "set_aside"]
