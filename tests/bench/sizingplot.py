"""Draws where a page's CPU time goes and how many pupils that is: one plain SVG, light or dark as the reader likes."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.capacity import BEHAVIOURS, CONNECTIONS, Box, Costs, Memory, size
from tests.bench.mix import KINDS

_WIDE, _LEFT, _BAR, _STEP = 760, 250, 18, 28
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #222 } .title { font-weight: 600; font-size: 14px } .back { fill: #fff }
.read { fill: #0060a8 } .passed { fill: #7a9cb8 } .pupils { fill: #2a7d2a }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .back { fill: #181818 } .read { fill: #6db8f2 }
.passed { fill: #4d6f8a } .pupils { fill: #86d086 } }
"""


def drawn(costs: Costs, memory: Memory, box: Box, megabytes: float) -> str:
    """Two groups of bars: CPU-ms of one page by kind, and pupils of a school on ``box`` by behaviour."""
    page = [(f"{kind.count} x {kind.label}", kind.count * costs.kinds[kind.key], "read" if kind.read else "passed")
            for kind in KINDS]  # fmt: skip
    page.append((f"{CONNECTIONS} x new connection", CONNECTIONS * costs.connection, "passed"))
    sizes = [size(costs, memory, box, behaviour, megabytes) for behaviour in BEHAVIOURS]
    pupils = [(one.behaviour.name.partition(":")[0], float(one.school), "pupils") for one in sizes]
    height = 40 + _STEP * (len(page) + len(pupils)) + 60
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {height}" width="{_WIDE}" height="{height}" '
        f'role="img" aria-label="CPU time of one page by kind of file, and pupils by behaviour"><style>{_STYLE}</style>'
        f'<rect class="back" width="{_WIDE}" height="{height}"/>\n'
        f"{''.join(_bars(20, f'CPU-ms of one page: {costs.page():.0f} in all', page, '{:.1f} ms'))}"
        f"{''.join(_bars(60 + _STEP * len(page), f'Pupils of a school, {box.cores} cores', pupils, '{:,.0f}'))}</svg>\n"
    )


def _bars(top: int, title: str, rows: list[tuple[str, float, str]], unit: str) -> Iterator[str]:
    yield f'<text class="title" x="10" y="{top}">{title}</text>\n'
    most = max(value for _, value, _ in rows)
    for number, (label, value, style) in enumerate(rows):
        y, width = top + 12 + number * _STEP, value / most * (_WIDE - _LEFT - 90)
        yield f'<text x="{_LEFT - 8}" y="{y + 14}" text-anchor="end">{label}</text>'
        yield f'<rect class="{style}" x="{_LEFT}" y="{y}" width="{width:.1f}" height="{_BAR}"/>'
        yield f'<text x="{_LEFT + width + 6:.1f}" y="{y + 14}">{unit.format(value)}</text>\n'
