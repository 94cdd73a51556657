"""Write the dashboards as Grafana reads them: ``python -m deploy.grafana.make`` from the checkout.

The panels are data (``boards.py``); Grafana's own Foundation SDK makes the JSON, so that what is written is of its
schema (10.1, which newer Grafanas read). A test holds the files to what this writes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from grafana_foundation_sdk.builders import dashboard, prometheus, statetimeline, table, timeseries
from grafana_foundation_sdk.builders import stat as stats
from grafana_foundation_sdk.builders.common import StackingConfig, VizLegendOptions
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import common
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from deploy.grafana.boards import BOARDS, STATES, Board, Panel

FOLDER = Path(__file__).parent
_SOURCE = model.DataSourceRef(type_val="prometheus", uid="${datasource}")
_BUILDERS: dict[str, Callable[[], Any]] = {
    "stat": stats.Panel,
    "lines": timeseries.Panel,
    "stack": timeseries.Panel,
    "states": statetimeline.Panel,
    "table": table.Panel,
}


def board_json(board: Board) -> str:
    """The file's text. The same board gives the same text."""
    made = dashboard.Dashboard(board.title).uid(board.uid).description(board.text).tags(["hedgerow"]).readonly()
    made.time(f"now-{board.hours}h", "now").refresh("1m").timezone("browser")
    made.with_variable(dashboard.DatasourceVariable("datasource").label("Prometheus").type("prometheus"))
    if board.choose:
        made.with_variable(_schools())
    number = count(1)
    for title, panels in board.rows:
        made.with_row(dashboard.Row(title).id(next(number)))
        for panel in panels:
            made.with_panel(_panel(panel).id(next(number)))
    return json.dumps(json.loads(json.dumps(made.build(), cls=JSONEncoder)), indent=1, sort_keys=True) + "\n"


def _schools() -> dashboard.QueryVariable:
    asked = "label_values(hedgerow_ready, school)"
    return (
        dashboard.QueryVariable("school")
        .label("School")
        .datasource(_SOURCE)
        .query({"query": asked, "refId": "school"})
        .refresh(model.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(model.VariableSort.ALPHABETICAL_ASC)
        .multi(True)
        .include_all(True)
        .all_value(".*")
    )


def _panel(panel: Panel) -> Any:
    made = _BUILDERS[panel.kind]().title(panel.title).datasource(_SOURCE).unit(panel.unit)
    made.span(panel.width).height(panel.height).description(panel.text)
    for number, (expression, legend) in enumerate(panel.queries):
        made.with_target(_query(panel, expression, legend, chr(ord("A") + number)))
    if panel.red is not None:
        steps = [model.Threshold(value=None, color="green"), model.Threshold(value=panel.red, color="red")]
        made.thresholds(dashboard.ThresholdsConfig().mode(model.ThresholdsMode.ABSOLUTE).steps(steps))
    _look(made, panel)
    if panel.kind == "table":
        _columns(made, panel)
    elif panel.states:
        made.mappings([_states()])
    return made


def _look(made: Any, panel: Panel) -> None:
    """What each kind of panel shows beside its values."""
    match panel.kind:
        case "stat":
            made.graph_mode(common.BigValueGraphMode.NONE).color_mode(common.BigValueColorMode.VALUE)
        case "lines" | "stack":
            made.min(0).legend(VizLegendOptions().show_legend(True).placement(common.LegendPlacement.BOTTOM))
        case "states":
            made.show_value(common.VisibilityMode.NEVER).row_height(0.9)
        case "table":
            made.show_header(True)
    if panel.kind == "stack":
        made.stacking(StackingConfig().mode(common.StackingMode.NORMAL)).fill_opacity(25)


def _query(panel: Panel, expression: str, legend: str, ref: str) -> prometheus.Dataquery:
    query = prometheus.Dataquery().expr(expression).ref_id(ref).legend_format(legend)
    if panel.kind == "table":
        return query.instant().format(PromQueryFormat.TABLE)
    return query.instant() if panel.kind == "stat" else query.range()


def _columns(made: Any, panel: Panel) -> None:
    """One row for each value of ``by``: the queries' answers joined, their times dropped, the columns named."""
    made.with_transformation(
        model.DataTransformerConfig(id_val="joinByField", options={"byField": panel.by, "mode": "outer"})
    )
    names = {f"Value #{chr(ord('A') + n)}": name for n, (_, name) in enumerate(panel.queries)}
    if len(panel.queries) == 1:
        names = {"Value": panel.queries[0][1]}
    times = {name: True for n in range(len(panel.queries)) for name in ("Time", f"Time {n + 1}")}
    options = {"renameByName": names, "excludeByName": times, "indexByName": {}}
    made.with_transformation(model.DataTransformerConfig(id_val="organize", options=options))
    for name, unit in panel.units.items():
        made.override_by_name(name, [model.DynamicConfigValue(id_val="unit", value=unit)])
    if panel.states:
        value = json.loads(json.dumps([_states()], cls=JSONEncoder))
        made.override_by_name("state", [model.DynamicConfigValue(id_val="mappings", value=value)])


def _states() -> model.ValueMap:
    options = {
        str(number): model.ValueMappingResult(text=text, color=color, index=number)
        for number, (text, color) in STATES.items()
    }
    return model.ValueMap(options=options)


def main() -> None:
    for board in BOARDS:
        (FOLDER / f"{board.uid.removeprefix('hedgerow-')}.json").write_text(board_json(board))


if __name__ == "__main__":
    main()
