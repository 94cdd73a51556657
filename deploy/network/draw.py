"""Draws deploy/network/network.svg: what goes where in a school with the gateway's firewall and name server.

python deploy/network/draw.py        # writes the file beside this script
"""

from __future__ import annotations

from html import escape
from pathlib import Path

OUT = Path(__file__).with_name("network.svg")
INK, GREEN, RED, GREY, PAPER = "#22303c", "#2f7d4f", "#b3362b", "#6b7780", "#f7f6f1"
ROWS = (
    ("web: 80, 443 (IPv4 and IPv6)", GREEN, "to the filter; nobody listens: refused"),
    ("names: 53, whoever is asked", GREEN, "to the gateway's own name server"),
    ("time: 123, plain packets only", GREEN, "through"),
    ("your exceptions (calls, printers)", GREEN, "through, as site.yaml says"),
    ("QUIC: udp 80, 443, 8443", RED, "refused at once: browsers use TCP"),
    ("DNS over TLS, over QUIC: 853", RED, "refused"),
    ("VPN: WireGuard, OpenVPN, IPsec", RED, "refused"),
    ("everything else, other networks", RED, "refused"),
)
LANS = (("pupils", "decrypted: pages, words"), ("staff", "decrypted"), ("guests", "names only: verdicts by DNS"))


def text(x: float, y: float, said: str, size: int = 14, colour: str = INK, weight: str = "normal") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" font-weight="{weight}">{escape(said)}</text>'


def box(x: float, y: float, width: float, height: float, line: str = INK, fill: str = "#ffffff") -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="8" fill="{fill}" stroke="{line}" '
        f'stroke-width="1.5"/>'
    )


def arrow(x1: float, y1: float, x2: float, y2: float, colour: str, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    mark = "stop" if colour == RED else "go"
    return (
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="2"{dash} '
        f'marker-end="url(#{mark})"/>'
    )


def marker(name: str, colour: str, shape: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="{shape}" fill="none" stroke="{colour}" stroke-width="2"/></marker>'
    )


def drawing() -> str:
    """The whole picture, 1000 by 560."""
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 560" font-family="sans-serif" role="img" '
        'aria-label="The school\'s networks, the gateway, and the internet">',
        f"<defs>{marker('go', GREEN, 'M1 1 L9 5 L1 9')}{marker('stop', RED, 'M2 1 L8 9 M8 1 L2 9')}</defs>",
        f'<rect width="1000" height="560" fill="{PAPER}"/>',
    ]
    for number, (name, about) in enumerate(LANS):
        y = 70 + number * 130
        parts += [box(20, y, 190, 84), text(36, y + 34, name, 18, weight="bold"), text(36, y + 60, about, 12, GREY)]
        parts.append(arrow(210, y + 42, 262, y + 42, GREEN))
    parts += [box(268, 40, 500, 440, fill="#eef3ee"), text(284, 70, "the gateway", 18, weight="bold")]
    parts.append(text(284, 92, "what a device sends, and where the firewall leads it", 12, GREY))
    for number, (what, colour, where) in enumerate(ROWS):
        y = 122 + number * 33
        parts += [text(284, y, what, 13), text(532, y, where, 12, colour)]
        parts.append(f'<line x1="284" y1="{y + 18}" x2="752" y2="{y + 18}" stroke="#d5dcd5"/>')
    parts += _programs()
    parts += [box(836, 70, 144, 344), text(852, 104, "internet", 18, weight="bold")]
    parts += [text(852, 130, "sites", 13), text(852, 152, "name servers", 13), text(852, 174, "clocks", 13)]
    parts += [arrow(768, 200, 830, 200, GREEN), arrow(830, 330, 774, 330, RED, dashed=True)]
    parts.append(text(852, 334, "nothing comes in", 12, RED))
    parts.append(
        text(20, 530, "A device with an address nobody wrote down is filtered as the strictest band.", 13, GREY)
    )
    return "\n".join((*parts, "</svg>")) + "\n"


def _programs() -> list[str]:
    y = 400
    return [
        box(284, y, 218, 66),
        text(298, y + 24, "Hedgerow, its own account", 13, weight="bold"),
        text(298, y + 46, "may not dial school or gateway", 12, RED),
        box(532, y, 220, 66),
        text(546, y + 24, "Unbound, port 53", 13, weight="bold"),
        text(546, y + 46, "DNSSEC, safe search, no ech", 12, GREEN),
        arrow(502, y + 33, 528, y + 33, GREEN),
    ]


if __name__ == "__main__":
    OUT.write_text(drawing(), encoding="utf-8")
