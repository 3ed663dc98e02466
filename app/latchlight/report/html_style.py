"""How a report looks as a web page: on a light or dark screen, and on paper."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--fg:#1a1e26;--muted:#535c6a;--bg:#f4f5f7;--card:#fff;--line:#d9dde4;
--green:#15703a;--amber:#855300;--red:#bb1f2a;--grey:#555e6c;--mark:#6b3fa0}
@media(prefers-color-scheme:dark){:root{--fg:#e9ebef;--muted:#a9b1be;--bg:#15171c;--card:#1e2128;
--line:#333843;--green:#62d18c;--amber:#f2bc55;--red:#ff928c;--grey:#b1b9c6;--mark:#c9a6f5}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:var(--fg);
background:var(--bg);max-width:56rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
h1{font-size:1.6rem;margin:0 0 1rem}h2{font-size:1.25rem;margin:0 0 .25rem}
h3{font-size:1rem;margin:1.5rem 0 .5rem}
p{margin:.25rem 0}.muted{color:var(--muted);font-size:.9rem}.strong{font-weight:600}
.quote{border-inline-start:4px solid var(--line);padding-inline-start:.75rem}
section{border-top:1px solid var(--line);margin-top:2rem;padding-top:1.5rem}
article{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.75rem 1rem;
margin:.75rem 0;break-inside:avoid}
ol,ul{margin:.25rem 0 .25rem 1.5rem;padding:0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:0 0 1rem}
dt{color:var(--muted)}dd{margin:0}
.lit{display:flex;gap:.5rem;align-items:flex-start;margin:.25rem 0}
.light{display:inline-flex;gap:.35rem;align-items:center;font-weight:600;white-space:nowrap}
.shape{width:1.15em;height:1.15em;flex:none}
.shape .fill{fill:currentColor;stroke:currentColor;stroke-width:4;stroke-linejoin:round}
.shape .cut{fill:none;stroke:var(--card);stroke-width:11;stroke-linecap:round;stroke-linejoin:round}
.shape .line{fill:none;stroke:currentColor;stroke-width:10;stroke-linecap:round;stroke-linejoin:round}
.past .line{stroke-width:7}
.green{color:var(--green)}.amber{color:var(--amber)}.red{color:var(--red)}.grey{color:var(--grey)}
.was{color:var(--muted);font-weight:400}
footer{border-top:1px solid var(--line);margin-top:2rem;padding-top:.75rem}
.watermark{position:fixed;inset:0;display:flex;align-items:center;justify-content:center;
pointer-events:none;color:var(--mark);opacity:.13;font-size:18vmin;font-weight:700}
.watermark span{transform:rotate(-30deg)}
@page{margin:18mm 15mm}
@media print{:root{color-scheme:light;--fg:#1a1e26;--muted:#535c6a;--bg:#fff;--card:#fff;--line:#bfc5cf;
--green:#15703a;--amber:#855300;--red:#bb1f2a;--grey:#555e6c;--mark:#6b3fa0}
body{font-size:10.5pt;margin:0;max-width:none;padding:0}
.shape,.light,.watermark{-webkit-print-color-adjust:exact;print-color-adjust:exact}
h1,h2,h3,.lit{break-after:avoid}section{break-before:auto}p,li{orphans:2;widows:2}}
"""
"""The colours of the window (`gui/tokens.py`); a test compares them."""
