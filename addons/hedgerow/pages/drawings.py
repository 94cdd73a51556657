"""A small drawing for each kind of page: something that stands at our hedge. Drawn by us, no text in them.

They say what the page says, once more and friendlier; a reader of the screen loses nothing, so they are hidden there.
To add one: a row in DRAWINGS, by the page's kind. The picture is 320 x 72, the hedge grows from y=72 up to y=45.
"""

from __future__ import annotations

_HEDGE = """
<path d="M0 72V50c9-12 24-13 35-5 8-14 28-15 39-3 9-12 29-12 38 2 11-14 31-12 40 2 9-12 28-12 38-2 11-10 29-9 38 3
 9-9 24-7 33 2 11-7 22-5 31 3 9-5 18-6 28-3v23z" fill="#7fa883"/>
<path d="M0 72V59c13-9 28-7 37 1 11-10 30-8 39 2 11-10 31-8 40 0 11-8 29-7 39 2 11-9 31-8 40 0 11-8 31-6 40 2
 11-8 29-6 40 0 7-4 29-6 45-2v10z" fill="#4b7a53"/>
"""
_FLOWERS = """
<g fill="#f3d3dc"><circle cx="42" cy="57" r="3"/><circle cx="104" cy="60" r="2.5"/><circle cx="288" cy="57" r="3"/></g>
"""

DRAWINGS: dict[str, str] = {
    # a garden gate, closed
    "block": """
<path d="M134 72V24M186 72V24M146 68V32M158 68V28M170 68V32M134 42h52M134 58h52" fill="none" stroke="#8a5a35"
 stroke-width="4.5" stroke-linecap="round"/><circle cx="179" cy="50" r="3.5" fill="#e8c268"/>
""",
    # a signpost with two arms: think which way
    "warn": """
<path d="M160 72V10" stroke="#8a5a35" stroke-width="5" stroke-linecap="round"/>
<path d="M157 13h-34l-8 8 8 8h34zM163 31h34l8 8-8 8h-34z" fill="#e8c268"/>
<path d="M130 21h18M172 39h18" stroke="#8a5a35" stroke-width="2.5" stroke-linecap="round"/>
""",
    # the moon over the hedge
    "limit": """
<path d="M166 4a20 20 0 1 0 18 29 17 17 0 0 1-18-29z" fill="#e8c268"/>
<g fill="#e8c268"><circle cx="216" cy="18" r="2"/><circle cx="112" cy="14" r="2"/><circle cx="238" cy="34" r="1.5"/></g>
""",
    # two birds, close together on the hedge
    "help": """
<path d="M118 44c2-13 11-19 21-18 9 1 14 8 13 16-1 10-9 16-19 16-6 0-11-2-15-6l-11 2z" fill="#d98f45"/>
<path d="M202 46c-2-11-9-16-17-15-8 1-12 7-11 13 1 9 8 14 16 14 5 0 9-2 12-5l9 2z" fill="#5f8bb0"/>
<path d="M152 38l7 3-7 3zM174 41l-7 3 7 2z" fill="#e8c268"/>
<circle cx="144" cy="36" r="2" fill="#1f2a24"/><circle cx="181" cy="40" r="2" fill="#1f2a24"/>
<path d="M162 22c-3-6-11-3-8 3 2 3 5 5 8 7 3-2 6-4 8-7 3-6-5-9-8-3z" fill="#c9705e"/>
""",
    # a sheet and a pencil
    "exam": """
<rect x="136" y="8" width="38" height="52" rx="3" fill="#fbf8ee" stroke="#b9ad8d" stroke-width="2"/>
<path d="M143 20h24M143 29h24M143 38h15" stroke="#b9ad8d" stroke-width="3"/>
<path d="M196 8l9 6-24 38-10 6 1-12z" fill="#e8c268"/><path d="M172 46l9 6-10 6z" fill="#8a5a35"/>
""",
    # a seal that is broken
    "certificate": """
<path d="M147 40l-7 28 12-6 7 8zM173 40l7 28-12-6-7 8z" fill="#a34f3f"/><circle cx="160" cy="26" r="21" fill="#c9705e"/>
<path d="M160 5l-5 12 9 8-8 9 5 13" fill="none" stroke="#fbf1ee" stroke-width="3.5" stroke-linejoin="round"/>
""",
    # a plug out of its socket
    "upstream": """
<path d="M86 40c18-22 30 10 50-8M234 40c-18-22-30 10-48-8" fill="none" stroke="#6d7c85" stroke-width="5"
 stroke-linecap="round"/><path d="M132 20h16v24h-16c-8 0-8-24 0-24zM172 20h16c8 0 8 24 0 24h-16z" fill="#6d7c85"/>
<path d="M148 27h10M148 37h10" stroke="#6d7c85" stroke-width="4" stroke-linecap="round"/>
""",
    # a watering can with a hole
    "fault": """
<path d="M138 28c0-20 34-20 34 0" fill="none" stroke="#557a9a" stroke-width="4"/><path d="M134 28h42l-4 36h-34z"
 fill="#6b93b5"/><path d="M173 50l28-26M195 18l13 13" stroke="#6b93b5" stroke-width="5.5" stroke-linecap="round"/>
<circle cx="146" cy="46" r="3.5" fill="#35566f"/><path d="M142 48c-6 3-9 8-9 15" fill="none" stroke="#9cc0dc"
 stroke-width="3.5" stroke-linecap="round"/>
""",
    # a letter nobody can read
    "bad-request": """
<rect x="130" y="12" width="60" height="42" rx="3" fill="#fbf8ee" stroke="#b9ad8d" stroke-width="2"/>
<path d="M131 14l29 20 29-20" fill="none" stroke="#b9ad8d" stroke-width="2"/>
<path d="M140 46l6-5 6 6 7-7 6 7 7-6 7 5" fill="none" stroke="#c9705e" stroke-width="2.5" stroke-linecap="round"/>
""",
    # two arrows that run into each other
    "disagree": """
<path d="M100 30h44M132 18l12 12-12 12M220 30h-44M188 18l-12 12 12 12" fill="none" stroke="#c98b3c" stroke-width="6"
 stroke-linecap="round" stroke-linejoin="round"/>
""",
    # a laptop and a phone
    "device": """
<rect x="116" y="14" width="62" height="42" rx="4" fill="#6b93b5"/><rect x="121" y="19" width="52" height="32" rx="2"
 fill="#e9eff4"/><path d="M106 58h82l5 8h-92z" fill="#557a9a"/><rect x="192" y="22" width="24" height="44" rx="4"
 fill="#557a9a"/><rect x="195" y="27" width="18" height="31" rx="1" fill="#e9eff4"/>
<path d="M137 35l7 7 13-14" fill="none" stroke="#35623f" stroke-width="4.5" stroke-linecap="round"/>
<path d="M199 42l4 4 7-8" fill="none" stroke="#35623f" stroke-width="3" stroke-linecap="round"/>
""",
    # a letter box
    "report": """
<path d="M160 72V44" stroke="#8a5a35" stroke-width="7"/><path d="M150 10h28c15 0 15 14 15 14v22h-43z" fill="#557a9a"/>
<path d="M132 46V26c0-21 36-21 36 0v20z" fill="#6b93b5"/><path d="M139 30h22" stroke="#e9eff4" stroke-width="3.5"/>
<path d="M186 26V8h10v7h-7" fill="none" stroke="#c9705e" stroke-width="4"/>
""",
}
"""By kind of page: what stands before the hedge, as SVG."""


def drawing(kind: str) -> str:
    """The SVG for a page of this kind; the bare hedge for one without a drawing of its own."""
    return _DRAWN.get(kind, _BARE)


def _svg(inside: str) -> str:
    drawn = f'<svg class="art" viewBox="0 0 320 72" aria-hidden="true" focusable="false">{inside}</svg>'
    return drawn.replace("\n ", " ").replace("\n", "")


_BARE = _svg(_HEDGE + _FLOWERS)
_DRAWN = {kind: _svg(_HEDGE + inside + _FLOWERS) for kind, inside in DRAWINGS.items()}
