"""The one style of all pages. Calm, readable from a phone's width up, light and dark, left and right, and on paper.

On a screen of 360 x 800 every page stands without scrolling, whatever it is about: measured in Roboto and Noto Sans, as
phones have them, and in the wider DejaVu Sans (``tests/pages/test_in_chromium.py``).
"""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--ground:#f1f4ee;--card:#fff;--ink:#1f2a24;--soft:#505e55;--leaf:#35623f;--onleaf:#fff;
--line:#d5ddd2;--tint:#edf3ea;--warm:#9a4a12;--onwarm:#fff}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100dvh;display:flex;flex-direction:column;align-items:center;
background:var(--ground);color:var(--ink);
font:1rem/1.45 system-ui,"Noto Sans","Noto Naskh Arabic",Vazirmatn,sans-serif}
[lang=fa] body{font-family:Vazirmatn,"Noto Naskh Arabic",system-ui,sans-serif;line-height:1.6}
main{width:100%;max-width:34rem;margin:auto;padding:.6rem 1.25rem .8rem;background:var(--card);
border:1px solid var(--line);border-radius:1rem;overflow-wrap:anywhere}
.banner{width:100%;margin:0;padding:.4rem 1rem;text-align:center;background:var(--warm);color:var(--onwarm)}
.art{display:block;width:100%;height:3.5rem;margin:0 0 .2rem}
h1{font-size:1.35rem;line-height:1.25;margin:.1rem 0 .3rem;text-wrap:balance}
h2{font-size:1rem;line-height:1.4;margin:0 0 .15rem}
p{margin:.3rem 0}
.lead{font-size:1.0625rem}
.young .lead{font-size:1.15rem}
.small{color:var(--soft);font-size:.9375rem}
.school{border-inline-start:.25rem solid var(--leaf);padding-inline-start:.75rem}
.idea,.facts,.helplines{margin:.5rem 0;padding:.45rem .75rem;border-radius:.75rem;background:var(--tint)}
.idea h2,.idea h2+p{display:inline}
.idea h2::after{content:": "}
.ask{margin:.25rem 0 0;font-weight:600}
form{margin:.5rem 0 .3rem;display:grid;gap:.3rem}
label{font-weight:600}
select,button,input,textarea{font:inherit;padding:.5rem .75rem;min-height:2.75rem;border-radius:.6rem;
border:1px solid var(--soft);background:var(--card);color:var(--ink);width:100%}
button{background:var(--leaf);border-color:var(--leaf);color:var(--onleaf);font-weight:600;cursor:pointer}
:focus-visible{outline:3px solid var(--warm);outline-offset:2px}
ul{margin:0;padding:0;list-style:none}
li{padding:.15rem 0}
a{color:var(--leaf);font-weight:700}
a[href^="tel:"]{display:inline-block;line-height:1.5rem;white-space:nowrap;font-size:1.15em}
.tell{margin:.5rem 0}
.tell ul{display:flex;flex-wrap:wrap;gap:.35rem}
.tell li{padding:0;flex:1 1 28%}
.tell .care{flex-basis:40%}
.tell a{display:flex;align-items:center;justify-content:center;height:100%;min-height:2rem;padding:.2rem .4rem;
border:1px solid var(--line);border-radius:1.2rem;font-weight:400;font-size:.875rem;line-height:1.15;text-align:center;
text-decoration:none}
.tell .care a{min-height:2.5rem;border-color:var(--leaf);background:var(--tint);font-weight:600;
font-size:.9375rem}
details{margin:.3rem 0}
summary{cursor:pointer;padding:.3rem 0;color:var(--soft);font-size:.9375rem}
.row{display:flex;gap:.4rem}
.row select,.row input{flex:1 1 0;min-width:0}
.row button{width:auto}
.camera{display:none;text-align:center}
.camera .small{font-size:.8125rem;margin:0;max-width:8rem}
.camera svg{width:7rem;height:7rem;margin:.2rem auto;background:#fff;color:#000;border-radius:.4rem}
footer{margin-top:.5rem;border-top:1px solid var(--line);padding-top:.4rem;color:var(--soft);font-size:.9375rem}
footer p{margin:.1rem 0}
.code{font:600 1.05rem/1.4 ui-monospace,"Noto Sans Mono",monospace;letter-spacing:.06em;color:var(--ink);
white-space:nowrap}
@media(max-width:35rem){body{background:var(--card)}
main:has(.idea){font-size:.9375rem;line-height:1.4}[lang=fa] main:has(.idea){line-height:1.5}
main{margin:0 auto;border:0;border-radius:0;padding:.5rem 1.1rem .6rem}
.art{height:2.25rem;margin:0}h1{font-size:1.25rem;margin:0 0 .2rem}p{margin:.2rem 0}
main:has(.idea) .lead{font-size:1rem}
main.young:has(.idea){font-size:1rem}main:has(.idea) h2{font-size:.9375rem}
.idea,.facts,.helplines{margin:.4rem 0;padding:.35rem .6rem}.ask{margin-top:.15rem}form{margin:.35rem 0 .2rem;gap:.2rem}
.small,footer,summary{font-size:.875rem}.hold{margin:0}
.tell{margin:.4rem 0}.tell ul{gap:.3rem}.short li{padding:.05rem 0;display:flex;gap:.4rem;align-items:baseline}
.short li>bdi{display:block;min-width:0;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
footer{margin-top:.35rem;padding-top:.25rem}
.facts h2,.facts ul,.facts li{display:inline}.facts h2::after{content:" "}.facts .small{display:none}
.facts li+li::before{content:"· "}main:has(.facts) .art{height:1.5rem}main:has(.facts) h1{font-size:1.1rem}
main:has(.facts) :is(.idea,.facts){font-size:.875rem;line-height:1.3}}
@media(min-width:40rem){main{padding:1.25rem 1.75rem 1.25rem}.art{height:5rem}h1{font-size:1.6rem}
.whole>div{display:flex;gap:1rem;justify-content:space-between}.camera{display:block}}
@media(prefers-color-scheme:dark){:root{--ground:#141915;--card:#1d241f;--ink:#e9efe9;--soft:#aebbb1;--leaf:#93c79e;
--onleaf:#10170f;--line:#364139;--tint:#27302a;--warm:#f0a56b;--onwarm:#1d1006}}
@media print{.short li>bdi{white-space:normal}.facts .small{display:inline}
:root{--ground:#fff;--card:#fff;--ink:#000;--soft:#333;--leaf:#000;--line:#999;--tint:#fff}
body{display:block;min-height:0}main{border:0;max-width:none}form,details,.tell{display:none}
.art{height:3.5rem}.idea,.facts,.helplines{border:1px solid #999;break-inside:avoid}.camera{display:block}}
"""
