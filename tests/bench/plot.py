"""Draws measured costs as small plots in one plain SVG: no library, and light or dark by the reader's wish."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_WIDE, _HIGH, _LEFT, _TOP, _GAP = 400, 230, 60, 62, 30
_STEPS = (1, 2, 5)
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #222 } .title { font-weight: 600; font-size: 14px }
.axis { stroke: #888 } .grid { stroke: #ddd }
.limit { stroke: #b00; stroke-dasharray: 5 4 } .limit-text { fill: #b00 }
.a { stroke: #0060a8; fill: #0060a8 } .b { stroke: #b35900; fill: #b35900 }
.c { stroke: #2a7d2a; fill: #2a7d2a }
polyline { fill: none !important; stroke-width: 2 } text.a, text.b, text.c { stroke: none }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .grid { stroke: #444 } .back { fill: #181818 }
.a { stroke: #6db8f2; fill: #6db8f2 } .b { stroke: #f0a860; fill: #f0a860 } .c { stroke: #86d086; fill: #86d086 }
.limit { stroke: #ff7b7b } .limit-text { fill: #ff7b7b } }
.back { fill: #fff } @media (prefers-color-scheme: dark) { .back { fill: #181818 } }
"""


@dataclass(frozen=True, slots=True)
class Plot:
    """Which figures of a row are drawn over which, and what they must stay below."""

    title: str
    lines: Mapping[str, str]  # figure -> what it is called
    across: str
    unit: str  # of the marks below
    limit: float = 0.0
    limit_text: str = ""
    scale: float = 1.0  # what one of the unit is


def drawn(plots: Sequence[Plot], rows: Sequence[Mapping[str, float]], label: str) -> str:
    """The picture of all that was measured; a row counts in the plots whose figures it has."""
    high = (len(plots) + 1) // 2
    width, height = 2 * (_LEFT + _WIDE + _GAP), high * (_TOP + _HIGH + _GAP) + 10
    corners = [(_LEFT + n % 2 * width // 2, _TOP + n // 2 * (_TOP + _HIGH + _GAP)) for n in range(len(plots))]
    groups = "".join(
        f'<g transform="translate({x} {y})">{"".join(_plot(plot, [row for row in rows if plot.across in row]))}</g>\n'
        for plot, (x, y) in zip(plots, corners, strict=True)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{label}"><style>{_STYLE}</style>'
        f'<rect class="back" width="{width}" height="{height}"/>\n{groups}</svg>\n'
    )


def _plot(plot: Plot, costs: Sequence[Mapping[str, float]]) -> Iterator[str]:
    widest = max(cost[plot.across] for cost in costs)
    most = max(plot.limit, *(cost[figure] for figure in plot.lines for cost in costs)) * 1.08

    def place(across: float, value: float) -> tuple[float, float]:
        return round(across / widest * _WIDE, 1), round(_HIGH - value / most * _HIGH, 1)

    yield f'<text class="title" x="0" y="-38">{plot.title}</text>'
    for value in _marks(most):
        y = place(0, value)[1]
        yield f'<line class="grid" x1="0" x2="{_WIDE}" y1="{y}" y2="{y}"/>'
        yield f'<text x="-8" y="{y + 4}" text-anchor="end">{value:,g}</text>'
    for value in _marks(widest / plot.scale):
        x = place(value * plot.scale, 0)[0]
        yield f'<text x="{x}" y="{_HIGH + 18}" text-anchor="middle">{f"{value:g}{plot.unit}" if value else 0}</text>'
    yield f'<path class="axis" fill="none" d="M0 0V{_HIGH}H{_WIDE}"/>'
    if plot.limit:
        y = place(0, plot.limit)[1]
        yield f'<line class="limit" x1="0" x2="{_WIDE}" y1="{y}" y2="{y}"/>'
        yield f'<text class="limit-text" x="{_WIDE}" y="{y - 5}" text-anchor="end">{plot.limit_text}</text>'
    for number, (figure, called) in enumerate(plot.lines.items()):
        kind, points = "abc"[number], [place(cost[plot.across], cost[figure]) for cost in costs]
        yield f'<polyline class="{kind}" points="{" ".join(f"{x},{y}" for x, y in points)}"/>'
        yield from (f'<circle class="{kind}" cx="{x}" cy="{y}" r="3"/>' for x, y in points)
        yield f'<text class="{kind}" x="{number * 125}" y="-16">● {called}</text>'


def _marks(most: float) -> list[float]:
    """Round numbers from 0, five or so of them."""
    step = next(base * 10**power for power in range(-3, 7) for base in _STEPS if most / (base * 10**power) <= 6)
    return [round(step * number, 6) for number in range(int(most / step) + 1)]
