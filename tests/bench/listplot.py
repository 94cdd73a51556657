"""Draws what lists cost as four small plots in one plain SVG: no library, and light or dark by the reader's wish."""

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
    """One of the four: which figures, and what they must stay below at ``LIMIT_AT`` names."""

    title: str
    lines: Mapping[str, str]  # figure -> what it is called
    limit: float = 0.0
    limit_text: str = ""


PLOTS = (
    Plot("Building, seconds", {"wall": "by the clock", "cpu": "of one core"}, 60, "3 M in 60 s"),
    Plot("Building, MiB of memory", {"peak": "at most"}, 1024, "3 M in 1 GiB"),
    Plot("Look-up with all parents, µs", {"listed": "listed", "unlisted": "not listed", "deep": "7 deep"}, 5, "5 µs"),
    Plot("Bytes a name on the disk", {"judge": "judging", "explain": "explaining"}, 16, "judging 12, explaining 16"),
)


def drawn(costs: Sequence[Mapping[str, float]]) -> str:
    """The picture of all sizes that were measured."""
    width, height = 2 * (_LEFT + _WIDE + _GAP), 2 * (_TOP + _HIGH + _GAP) + 10
    corners = [(_LEFT + column, _TOP + row) for row in (0, height // 2) for column in (0, width // 2)]
    plots = "".join(
        f'<g transform="translate({x} {y})">{"".join(_plot(plot, costs))}</g>\n'
        for plot, (x, y) in zip(PLOTS, corners, strict=True)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="What downloaded lists cost, by millions of names"><style>{_STYLE}</style>'
        f'<rect class="back" width="{width}" height="{height}"/>\n{plots}</svg>\n'
    )


def _plot(plot: Plot, costs: Sequence[Mapping[str, float]]) -> Iterator[str]:
    most_names = round(max(cost["names"] for cost in costs), -5)
    most = max(plot.limit, *(cost[figure] for figure in plot.lines for cost in costs)) * 1.08

    def place(names: float, value: float) -> tuple[float, float]:
        return round(names / most_names * _WIDE, 1), round(_HIGH - value / most * _HIGH, 1)

    yield f'<text class="title" x="0" y="-38">{plot.title}</text>'
    for value in _marks(most):
        y = place(0, value)[1]
        yield f'<line class="grid" x1="0" x2="{_WIDE}" y1="{y}" y2="{y}"/>'
        yield f'<text x="-8" y="{y + 4}" text-anchor="end">{value:,g}</text>'
    for value in _marks(most_names / 1e6):
        x = place(value * 1e6, 0)[0]
        yield f'<text x="{x}" y="{_HIGH + 18}" text-anchor="middle">{value:g} M</text>'
    yield f'<path class="axis" fill="none" d="M0 0V{_HIGH}H{_WIDE}"/>'
    if plot.limit:
        y = place(0, plot.limit)[1]
        yield f'<line class="limit" x1="0" x2="{_WIDE}" y1="{y}" y2="{y}"/>'
        yield f'<text class="limit-text" x="{_WIDE}" y="{y - 5}" text-anchor="end">{plot.limit_text}</text>'
    for number, (figure, called) in enumerate(plot.lines.items()):
        kind, points = "abc"[number], [place(cost["names"], cost[figure]) for cost in costs]
        yield f'<polyline class="{kind}" points="{" ".join(f"{x},{y}" for x, y in points)}"/>'
        yield from (f'<circle class="{kind}" cx="{x}" cy="{y}" r="3"/>' for x, y in points)
        yield f'<text class="{kind}" x="{number * 125}" y="-16">● {called}</text>'


def _marks(most: float) -> list[float]:
    """Round numbers from 0, five or so of them."""
    step = next(base * 10**power for power in range(-3, 7) for base in _STEPS if most / (base * 10**power) <= 6)
    return [round(step * number, 6) for number in range(int(most / step) + 1)]
