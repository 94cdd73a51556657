"""What the portal adds to ``pages.style``: choices, the poster, and the page that sets devices up."""

from __future__ import annotations

STYLE = """
.choices{margin:.75rem 0;display:grid;gap:.5rem}
.choices li{padding:0}
.choices a{display:block;padding:.65rem .75rem;border:1px solid var(--line);border-radius:.6rem;
text-decoration:none;white-space:normal}
.languages{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin-top:.75rem}
.languages a,footer a{font-weight:400;white-space:normal}
article h1{font-size:1.25rem}
article h2{margin-top:1rem}
article a{white-space:normal;overflow-wrap:anywhere}
article ul{list-style:disc;padding-inline-start:1.25rem}
article table{border-collapse:collapse;width:100%}
article th,article td{border:1px solid var(--line);padding:.25rem .5rem;text-align:start}
.poster{text-align:center}
.poster .scan{display:block;width:min(100%,15rem);margin:.75rem auto;background:#fff}
.poster .address{font:600 1.5rem/1.4 ui-monospace,"Noto Sans Mono",monospace;margin:.25rem 0}
.poster .also{margin-top:.75rem}
.test object{width:100%;vertical-align:top;border-radius:.5rem}
.test .ready{height:3.25rem}
.test :is(.missing,.nameless){height:7.5rem}
.test .outside{height:10.5rem}
.test .told{margin:0;padding:.6rem .75rem;border-inline-start:.3rem solid var(--warm);background:var(--tint);
font-weight:600}
.systems ul{display:flex;flex-wrap:wrap;gap:.35rem}
.systems li{padding:0}
.systems a{display:block;padding:.45rem .8rem;border:1px solid var(--line);border-radius:1.2rem;font-weight:400;
text-decoration:none;white-space:normal}
.systems [aria-current]{border-color:var(--leaf);background:var(--tint);font-weight:700}
.device section,.systems{margin:.9rem 0}
.device h2{font-size:1.0625rem;margin-bottom:.3rem}
.steps ol{margin:.5rem 0;padding-inline-start:1.6rem}
.steps ol li{padding:.25rem 0}
[lang=fa] .steps ol{list-style-type:persian}
.get{display:block;padding:.65rem .75rem;border-radius:.6rem;background:var(--leaf);color:var(--onleaf);
text-align:center;text-decoration:none;white-space:normal}
pre{margin:.2rem 0 .5rem;padding:.5rem .6rem;border-radius:.4rem;background:var(--tint);white-space:pre-wrap;
overflow-wrap:anywhere;font:.875rem/1.45 ui-monospace,"Noto Sans Mono",monospace}
.print{font:600 1.0625rem/1.6 ui-monospace,"Noto Sans Mono",monospace;text-align:start}
.print span{display:inline-block;white-space:nowrap;margin-inline-end:.6rem}
.elsewhere{text-align:center}
.elsewhere .scan{display:block;width:min(60%,10rem);margin:.5rem auto;background:#fff}
.elsewhere .address{font:600 1rem/1.4 ui-monospace,"Noto Sans Mono",monospace}
article ul.names{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.15rem .9rem;
font:.875rem/1.5 ui-monospace,"Noto Sans Mono",monospace}
@media(min-width:40rem){.test :is(.missing,.nameless){height:5.5rem}.test .outside{height:8.25rem}}
@media print{.get{display:none}.elsewhere .scan{width:4cm}
.languages,.noprint,footer a{display:none}.poster .scan{width:10cm}.poster h1{font-size:2.25rem}
.poster{font-size:1.25rem}.poster .address{font-size:2rem}}
"""
