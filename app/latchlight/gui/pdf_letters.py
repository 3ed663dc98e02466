"""Chinese in a PDF that can be searched and copied: Qt names some letters after look-alikes.

A font draws the word for "person" and the old radical of that shape with one glyph, and Qt writes
down the radical as its meaning: a search for the word finds nothing, a paste brings the radical.
"""

from __future__ import annotations

import re
import unicodedata

_WHOLE_LETTERS = {
    0x2EA0: "民", 0x2EC4: "西", 0x2EC5: "见", 0x2EC6: "角", 0x2EC9: "贝", 0x2ECB: "车", 0x2ED1: "長",
    0x2ED3: "长", 0x2ED4: "门", 0x2ED8: "青", 0x2ED9: "韦", 0x2EDA: "页", 0x2EDB: "风", 0x2EDC: "飞",
    0x2EDD: "食", 0x2EE2: "马", 0x2EE3: "骨", 0x2EE4: "鬼", 0x2EE5: "鱼", 0x2EE6: "鸟", 0x2EE7: "卤",
    0x2EE8: "麦", 0x2EE9: "黄", 0x2EEA: "黾", 0x2EEC: "齐", 0x2EEE: "齿", 0x2EF0: "龙",
}  # fmt: skip
"""Radicals that Unicode does not fold itself and that share their glyph with a word in Noto fonts."""
_TABLE = re.compile(rb"begincmap\n.*?\nendcmap", re.DOTALL)
_RADICAL = re.compile(rb"<2[EeFf][0-9A-Fa-f]{2}>")


def with_whole_letters(pdf: bytes) -> bytes:
    """The same file, where every glyph of such a shape means the word. No byte moves."""
    return _TABLE.sub(lambda table: _RADICAL.sub(_word, table[0]), pdf)


def _word(found: re.Match[bytes]) -> bytes:
    code = int(found[0][1:-1], 16)
    word = _WHOLE_LETTERS.get(code) or unicodedata.normalize("NFKC", chr(code))
    return b"<%04X>" % ord(word) if len(word) == 1 else found[0]
