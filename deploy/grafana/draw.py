"""Pictures of the dashboards for the documents, drawn from a Prometheus' answers: no Grafana is asked, and they say so.

``tests/bench/watched.py`` makes the ones in ``deploy/pictures``: it runs gateways, lets them work, and calls ``draw``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from deploy.grafana.boards import STATES, Board, Panel

type Labels = Mapping[str, str]
type Ask = Callable[[str], Sequence[tuple[Labels, float]]]
type AskRange = Callable[[str], Sequence[tuple[Labels, Sequence[tuple[float, float]]]]]

NOTE = "drawn by Hedgerow's script from Prometheus' answers, not a Grafana screenshot"
COLUMN, UNIT, GAP = 50, 26, 6
COLOURS = ("#2f7d4f", "#3b6fb6", "#c77700", "#8e4ec6", "#b3261e", "#00808a", "#7a5c2e", "#5b6770")
STATE_COLOURS = {"red": "#b3261e", "blue": "#3b6fb6", "green": "#2f7d4f"}


@dataclass(frozen=True, slots=True)
class Box:
    """A panel's place, in pixels."""

    x: float
    y: float
    width: float
    height: float


def shown(value: float, unit: str) -> str:
    """A number as a person reads it."""
    if value != value:
        return "no data"
    match unit:
        case "percentunit":
            return f"{100 * value:.0f} %" if value >= 0.1 or value == 0 else f"{100 * value:.1f} %"
        case "s":
            for size, name in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
                if abs(value) >= size:
                    return f"{value / size:,.0f} {name}" if abs(value) >= 100 * size else f"{value / size:.3g} {name}"
            return f"{1000 * value:.3g} ms" if value else "0 s"
        case "bytes":
            return f"{value / 1e6:.3g} MB"
        case "reqps":
            return f"{value:.3g}/s"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def text(x: float, y: float, words: str, size: int = 12, colour: str = "#333", more: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" fill="{colour}" {more}>{escape(words)}</text>'


def named(legend: str, labels: Labels) -> str:
    """Grafana's legend: ``{{label}}`` replaced by its value."""
    for name, value in labels.items():
        legend = legend.replace("{{" + name + "}}", value)
    return legend


def draw(board: Board, ask: Ask, ask_range: AskRange, title: str = "") -> str:
    """The board as SVG. ``ask`` and ``ask_range`` put a query to Prometheus."""
    y, parts = 40.0, [text(GAP, 26, title or board.title, 18, "#111", 'font-weight="bold"')]
    for name, panels in board.rows:
        parts.append(text(GAP, y + 18, name, 14, "#555", 'font-weight="bold"'))
        y += 26
        x, tallest = 0, 0
        for panel in panels:
            if x + panel.width > 24:
                x, y, tallest = 0, y + tallest * UNIT, 0
            box = Box(x * COLUMN + GAP, y, panel.width * COLUMN - GAP, panel.height * UNIT - GAP)
            parts.append(_panel(panel, box, ask, ask_range))
            x, tallest = x + panel.width, max(tallest, panel.height)
        y += tallest * UNIT
    height = y + 24
    parts.append(text(GAP, height - 8, NOTE, 12, "#777", 'font-style="italic"'))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1206 {height:.0f}" font-family="sans-serif">'
    return "\n".join([head, f'<rect width="1206" height="{height:.0f}" fill="#f3f4f2"/>', *parts, "</svg>\n"])


def _panel(panel: Panel, box: Box, ask: Ask, ask_range: AskRange) -> str:
    parts = [f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="4" fill="#fff" '
             'stroke="#d5d8d3"/>', text(box.x + 8, box.y + 18, panel.title, 12, "#444")]  # fmt: skip
    match panel.kind:
        case "stat":
            parts += _stat(panel, box, ask)
        case "table":
            parts += _table(panel, box, ask)
        case "states":
            parts += _state_lines(panel, box, ask_range)
        case _:
            parts += _lines(panel, box, ask_range)
    return "\n".join(parts)


def _stat(panel: Panel, box: Box, ask: Ask) -> Iterator[str]:
    found = ask(panel.queries[0][0])
    value = found[0][1] if found else float("nan")
    words, colour = shown(value, panel.unit), COLOURS[0]
    if panel.states and value == value:
        words, name = STATES[int(value)]
        colour = STATE_COLOURS[name]
    elif panel.red is not None and value > panel.red:
        colour = STATE_COLOURS["red"]
    middle = box.x + box.width / 2
    yield text(middle, box.y + box.height / 2 + 18, words, 30, colour if found else "#999", 'text-anchor="middle"')


def _table(panel: Panel, box: Box, ask: Ask) -> Iterator[str]:
    columns = [({labels.get(panel.by, ""): value for labels, value in ask(query)}, name)
               for query, name in panel.queries]  # fmt: skip
    first = 170 if panel.by == "school" else 260
    width = (box.width - first) / max(len(columns), 1)
    for number, (_, name) in enumerate(columns):
        yield text(box.x + first + number * width, box.y + 40, name, 11, "#777")
    for line, row in enumerate(sorted({key for values, _ in columns for key in values})):
        y = box.y + 62 + line * 22
        if y > box.y + box.height:
            return
        yield text(box.x + 10, y, row, 12)
        for number, (values, name) in enumerate(columns):
            value = values.get(row, float("nan"))
            words, colour = shown(value, panel.units.get(name, "short")) if value == value else "-", "#333"
            if panel.states and name == "state" and value == value:
                words, state = STATES[int(value)]
                colour = STATE_COLOURS[state]
            yield text(box.x + first + number * width, y, words, 12, colour)


def _state_lines(panel: Panel, box: Box, ask_range: AskRange) -> Iterator[str]:
    found = sorted(ask_range(panel.queries[0][0]), key=lambda one: sorted(one[0].items()))
    times = [time for _, points in found for time, _ in points]
    height = min((box.height - 40) / max(len(found), 1), 30)
    for line, (labels, points) in enumerate(found):
        y = box.y + 30 + line * height
        yield text(box.x + 10, y + height / 2 + 4, named(panel.queries[0][1], labels))
        each = (box.width - 140) / max((max(times) - min(times)), 1)
        for (start, value), (end, _) in zip(points, [*points[1:], points[-1]], strict=True):
            colour = STATE_COLOURS[STATES[int(value)][1]]
            x = box.x + 120 + (start - min(times)) * each
            yield (f'<rect x="{x:.1f}" y="{y:.1f}" width="{(end - start) * each + 0.6:.1f}" '
                   f'height="{height - 4:.1f}" fill="{colour}"/>')  # fmt: skip
    for number, (words, colour) in enumerate(STATES.values()):
        yield text(box.x + 120 + number * 90, box.y + box.height - 6, f"■ {words}", 11, STATE_COLOURS[colour])


type Line = tuple[str, Sequence[tuple[float, float]]]


def _lines(panel: Panel, box: Box, ask_range: AskRange) -> Iterator[str]:
    found: list[Line] = sorted(
        (named(legend, labels), [(t, v) for t, v in points if v == v])
        for query, legend in panel.queries
        for labels, points in ask_range(query)
    )
    found = [(name, points) for name, points in found if points]
    if not found:
        yield text(box.x + box.width / 2, box.y + box.height / 2, "no data", 13, "#999", 'text-anchor="middle"')
        return
    lines = _stacked(found) if panel.kind == "stack" else found
    most = max(value for _, points in lines for _, value in points) or 1.0
    times = [time for _, points in lines for time, _ in points]
    legend = 14 * -(-len(found) // max(int(box.width // 130), 1))
    inner = Box(box.x + 62, box.y + 28, box.width - 74, box.height - 40 - legend)
    for share in (0.0, 0.5, 1.0):
        y = inner.y + inner.height * (1 - share)
        yield f'<line x1="{inner.x}" x2="{inner.x + inner.width}" y1="{y:.0f}" y2="{y:.0f}" stroke="#e6e8e4"/>'
        yield text(inner.x - 6, y + 4, shown(most * share, panel.unit), 10, "#777", 'text-anchor="end"')
    span = max(max(times) - min(times), 1.0)
    for number, (_, points) in reversed(list(enumerate(lines))):
        at = [(inner.x + (time - min(times)) / span * inner.width, inner.y + inner.height * (1 - value / most))
              for time, value in points]  # fmt: skip
        yield _line(at, COLOURS[number % len(COLOURS)], inner.y + inner.height if panel.kind == "stack" else None)
    for number, (name, _) in enumerate(found):
        across = max(int(box.width // 130), 1)
        x, y = box.x + 10 + number % across * 130, box.y + box.height - legend + 8 + number // across * 14
        yield text(x, y - 2, f"■ {name}", 11, COLOURS[number % len(COLOURS)])


def _stacked(found: Sequence[Line]) -> list[Line]:
    """Each line on top of those before it."""
    below: dict[float, float] = {}
    stacked: list[Line] = []
    for name, points in found:
        for time, value in points:
            below[time] = below.get(time, 0.0) + value
        stacked.append((name, [(time, below[time]) for time, _ in points]))
    return stacked


def _line(points: Sequence[tuple[float, float]], colour: str, floor: float | None) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    if floor is None:
        return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>'
    ends = f"{points[-1][0]:.1f},{floor:.1f} {points[0][0]:.1f},{floor:.1f}"
    return f'<polygon points="{path} {ends}" fill="{colour}" stroke="{colour}"/>'
