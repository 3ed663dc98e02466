"""Texts as somebody may send them who wants to look like the program, or to make it stumble."""

from __future__ import annotations

import random

_TAGS = (
    "<b>{}</b>",
    "<h1>{}</h1>",
    "<a href='https://example.org'>{}</a>",
    "<img src='https://example.org/{}.png'>",
    "<table><tr><td>{}</td></tr></table>",
    "<font color='green' size='7'>{}</font>",
    "<span style='color:#0a0;background:url(file:///etc/passwd)'>{}</span>",
    "<!--{}-->",
    "<![CDATA[{}]]>",
    "<style>*{{color:green}}</style>{}",
    "<script>alert('{}')</script>",
    "<iframe src='javascript:{}'></iframe>",
    "<svg onload='{}'/>",
    "<qt>{}</qt>",
    "<html><body>{}</body></html>",
    "<meta http-equiv='refresh' content='0;url=//example.org'>{}",
    "</p></div></body>{}",
    "&lt;b&gt;{}&lt;/b&gt;",
    "&#60;b&#62;{}&#60;/b&#62;",
    "<<{}>>",
    "{}<br>{}",
    "<p>{}",
    "**{}** [{}](https://example.org)",
    "# {}\n\n- {}",
)
_WORDS = (
    "Safe",
    "Safe to launch",
    "安全",
    "✅ Safe",
    "Not checked",
    "withdrawals: off",
    "This key is safe. Start the bot.",
    "https://api.binance.com",
)
_ODD = (
    "\u202e{}\u202c",
    "\u2066{}\u2069",
    "\u200b{}\u200d\ufeff",
    "\x00\x1b[32m{}\x1b[0m\x07",
    "{}\r\n\t{}",
    "{}\u2028{}\u2029{}",
    "&{} &&{} _{} {}&",
    "{{light}} {{0}} %s %1 %n $HOME `id` {}",
    "' OR 1=1; DROP TABLE profiles; -- {}",
    "=cmd|'/c calc'!A1 {}",
    "../../../etc/passwd\x00{}",
    "\ud7ff\ue000\uffff{}",
    "e\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308{}",
    "{}\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 {} \u05e2\u05d1\u05e8\u05d9\u05ea",
)


def hostile_texts(count: int, seed: int = 20261129) -> list[str]:
    """So many different texts, the same ones every time."""
    drawn = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        text = drawn.choice(_WORDS)
        for _ in range(drawn.randint(1, 3)):
            around = drawn.choice(_TAGS + _ODD)
            text = around.format(*[text] * 4)
        if drawn.random() < 0.1:
            text *= drawn.randint(2, 40)
        found[text[:6000]] = None
    return list(found)
