"""What the four dashboards show: panels as data. ``make.py`` writes Grafana's JSON of it; nothing here knows Grafana.

``$school`` in a query is the dashboard's choice of schools (the targets' label ``school``). Queries of the district's
board use only what federation and remote_write bring to the district (``deploy/prometheus/district/federation.yaml``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

S = '{school=~"$school"}'
STATES = {0: ("broken", "red"), 1: ("quiet", "blue"), 2: ("at work", "green")}
"""``hedgerow:state``. A quiet school is no broken one."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. ``kind``: stat, lines, stack, states or table; in a table each query is a column by its name."""

    title: str
    kind: str
    queries: Sequence[tuple[str, str]]  # PromQL, legend (or column)
    unit: str = "short"  # Grafana's unit ids
    text: str = ""  # what it means, and what to do
    width: int = 12  # of 24
    height: int = 8
    red: float | None = None  # above this value
    by: str = "school"  # a table's first column: the label its rows are joined by
    units: Mapping[str, str] = field(default_factory=dict)  # of single columns
    states: bool = False  # values are ``STATES``


@dataclass(frozen=True, slots=True)
class Board:
    """One dashboard: rows of panels."""

    uid: str
    title: str
    text: str
    rows: Sequence[tuple[str, Sequence[Panel]]]
    choose: bool = True  # one school is chosen; else all of them are shown
    hours: int = 24


def _states(number: int) -> str:
    return f"count(hedgerow:state == {number}) or vector(0)"


DISTRICT = Board(
    "hedgerow-district",
    "Hedgerow: district",
    "All schools at a glance. Quiet: it answers and has nothing to do. Broken: it does not answer, or does not filter.",
    [
        ("At a glance", [
            Panel("At work", "stat", [(_states(2), "schools")], width=4, height=4),
            Panel("Quiet", "stat", [(_states(1), "schools")], width=4, height=4,
                  text="They answer and are ready; nobody asks for anything: an evening, a holiday."),
            Panel("Broken", "stat", [(_states(0), "schools")], width=4, height=4, red=0.5,
                  text="No answer, or not every worker filters by the policy in force. No traffic passes unfiltered."),
            Panel("Critical alerts", "stat",
                  [('count(ALERTS{alertstate="firing",severity="critical"}) or vector(0)', "alerts")],
                  width=4, height=4, red=0.5),
            Panel("Releases in use", "stat", [("count(count by (version) (hedgerow_build_info))", "releases")],
                  width=4, height=4, red=1.5),
            Panel("Shipped policies in use", "stat",
                  [("count(count by (version) (hedgerow_shipped_policy_info))", "versions")],
                  width=4, height=4, red=1.5, text="More than one: a school was not upgraded, or edited them."),
        ]),
        ("Schools", [
            Panel("Schools", "table", [
                ("max by (school) (hedgerow:state)", "state"),
                ("sum by (school) (hedgerow:requests:rate5m)", "requests/s"),
                ("max by (school) (hedgerow:blind_connections:share1d)", "connections unseen"),
                ("max by (school) (hedgerow:blind_requests:share1d)", "requests unread"),
                ("max by (school) (hedgerow:blind_bytes:share1d)", "bytes unread"),
                ("max by (school) (hedgerow:list_age_seconds:max)", "oldest list"),
                ("max by (school) (hedgerow:reports_unread:school_seconds)", "unread report waits"),
                ("min by (school) (hedgerow_ca_expiry_timestamp_seconds) - time()", "CA ends in"),
                ("count by (school) (hedgerow_selftest_ok == 0)", "canaries failing"),
                ('count by (school) (ALERTS{alertstate="firing"})', "alerts"),
            ], width=24, height=12, units={
                "requests/s": "reqps", "connections unseen": "percentunit", "requests unread": "percentunit",
                "bytes unread": "percentunit", "oldest list": "s", "unread report waits": "s", "CA ends in": "s"},
                states=True,
                text="Waiting of reports counts school hours only. Shares are of the last 24 hours."),
            Panel("State", "states", [("max by (school) (hedgerow:state)", "{{school}}")], width=24, states=True),
        ]),
        ("Blind spots, of the last 24 hours", [
            Panel("Connections not opened", "lines",
                  [("max by (school) (hedgerow:blind_connections:share1d)", "{{school}}")], "percentunit", width=8,
                  text="Helplines, banks, networks of names only, devices without the CA."),
            Panel("Requests not read", "lines",
                  [("max by (school) (hedgerow:blind_requests:share1d)", "{{school}}")], "percentunit", width=8,
                  text="Pictures and parts of pages are most of it, in every school."),
            Panel("Bytes not read", "lines",
                  [("max by (school) (hedgerow:blind_bytes:share1d)", "{{school}}")], "percentunit", width=8,
                  text="Film and pictures are most of it."),
        ]),
        ("Lists and reports", [
            Panel("Age of the oldest required list", "lines",
                  [("max by (school) (hedgerow:list_age_seconds:max)", "{{school}}")], "s"),
            Panel("How long the oldest unread report waits, in school hours", "lines",
                  [("max by (school) (hedgerow:reports_unread:school_seconds)", "{{school}}")], "s", red=3600),
            Panel("Alerts that ring", "table",
                  [('count by (alertname) (ALERTS{alertstate="firing"})', "schools")], by="alertname"),
            Panel("Versions", "table", [
                ("count by (version) (hedgerow_build_info)", "schools of this release"),
                ("count by (version) (hedgerow_shipped_policy_info)", "schools of these shipped policies"),
            ], by="version"),
        ]),
    ],
    choose=False,
)  # fmt: skip

SCHOOL = Board(
    "hedgerow-school",
    "Hedgerow: school",
    "One school: what is asked, what is decided, what nobody reads.",
    [
        ("Now", [
            Panel("State", "stat", [(f"max(hedgerow:state{S})", "state")], width=4, height=4, states=True),
            Panel("Requests", "stat", [(f"sum(hedgerow:requests:rate5m{S})", "a second")], "reqps", width=4, height=4),
            Panel("Refused", "stat", [(
                'sum(hedgerow:decisions:rate5m{school=~"$school",action=~"block|warn|help|limit"})'
                f" / sum(hedgerow:decisions:rate5m{S})", "of all")], "percentunit", width=4, height=4),
            Panel("Names in the lists", "stat", [(f"max(hedgerow_index_entries{S})", "names")], width=4, height=4),
            Panel("Oldest required list", "stat", [(f"max(hedgerow:list_age_seconds:max{S})", "age")], "s", width=4,
                  height=4, red=172800),
            Panel("CA ends in", "stat", [(f"min(hedgerow_ca_expiry_timestamp_seconds{S}) - time()", "CA")], "s",
                  width=4, height=4),
        ]),
        ("Self-test", [
            Panel("Canaries: what the gateway asks itself", "table", [
                (f"min by (check) (hedgerow_selftest_ok{S})", "1 = as the policy says"),
                (f"count by (check) (hedgerow_selftest_ok{S})", "bands"),
            ], by="check", height=12, text="`hedgerow selftest` says what came instead, `hedgerow doctor` the cure."),
            Panel("What ends when", "table", [
                (f"max by (what) (hedgerow_selftest_expiry_timestamp_seconds{S}) - time()", "ends in"),
            ], by="what", height=12, units={"ends in": "s"}),
        ]),
        ("Requests", [
            Panel("Requests by band", "stack",
                  [(f"sum by (band) (rate(hedgerow_requests_total{S}[5m]))", "{{band}}")], "reqps"),
            Panel("Decisions", "stack", [(f"sum by (action) (hedgerow:decisions:rate5m{S})", "{{action}}")], "reqps"),
            Panel("What is refused, by category", "lines", [(
                'topk(8, sum by (category) (increase(hedgerow_category_decisions_total'
                '{school=~"$school",action!~"allow|monitor"}[1h])))', "{{category}}")], text="An hour's sum."),
            Panel("Who spoke", "stack", [(
                f"sum by (step) (rate(hedgerow_decisions_total{S}[5m]))", "{{step}}")], "reqps",
                text="Steps of the precedence; `words` and `files` are second judges."),
        ]),
        ("Blind spots", [
            Panel("Connections not opened", "stack", [(
                'sum by (outcome) (increase(hedgerow_connections_total{school=~"$school",outcome!="opened"}[1h]))'
                f" / ignoring (outcome) group_left () sum(increase(hedgerow_connections_total{S}[1h]))",
                "{{outcome}}")], "percentunit", width=8,
                text="`handshake`: the device refused our certificate; nothing passed. The others passed as they are."),
            Panel("Requests not read", "stack", [(
                f"sum by (reason) (increase(hedgerow_not_inspected_total{S}[1h]))"
                f" / ignoring (reason) group_left () sum(increase(hedgerow_requests_total{S}[1h]))", "{{reason}}")],
                "percentunit", width=8),
            Panel("Bytes not read", "stack", [(
                f"sum by (reason) (increase(hedgerow_not_inspected_bytes_total{S}[1h]))"
                f" / ignoring (reason) group_left () sum(increase(hedgerow_not_inspected_bytes_total{S}[1h])"
                f" or increase(hedgerow_inspected_bytes_total{S}[1h]))", "{{reason}}")], "percentunit", width=8),
            Panel("By band: connections not opened", "lines",
                  [(f"sum by (band) (hedgerow:blind_connections:share1h{S})", "{{band}}")], "percentunit", width=8),
            Panel("By band: requests not read", "lines",
                  [(f"sum by (band) (hedgerow:blind_requests:share1h{S})", "{{band}}")], "percentunit", width=8),
            Panel("By band: bytes not read", "lines",
                  [(f"sum by (band) (hedgerow:blind_bytes:share1h{S})", "{{band}}")], "percentunit", width=8),
            Panel("Devices that refuse our certificate", "lines", [(
                f"sum by (trust) (increase(hedgerow_devices_refusing_total{S}[1h]))", "takes {{trust}}")],
                text="`none`: they lack the CA. `some`: an application accepts its maker's certificate only."),
            Panel("Certificates that many devices refuse", "lines", [(
                f"sum(increase(hedgerow_certificates_widely_refused_total{S}[1d]))", "a day")]),
        ]),
        ("Lists, passes and exams", [
            Panel("Lists", "table", [
                (f"time() - max by (source) (hedgerow_list_fetched_timestamp_seconds{S} > 0)", "age"),
                (f"max by (source) (hedgerow_list_names{S})", "names"),
                (f"max by (source) (hedgerow_list_refused{S})", "refused"),
                (f"max by (source) (hedgerow_list_required{S})", "required"),
            ], by="source", units={"age": "s"}),
            Panel("Passes and exams in force", "lines",
                  [(f"sum by (kind) (hedgerow_grants_in_force{S})", "{{kind}}")]),
            Panel("Warnings that somebody went past", "lines", [(
                f"sum by (band) (increase(hedgerow_continues_total{S}[1h]))", "{{band}}")], text="An hour's sum."),
            Panel("Sites that could not be reached", "stack", [(
                f"sum by (reason) (rate(hedgerow_upstream_errors_total{S}[5m]))", "{{reason}}")], "reqps"),
        ]),
    ],
)  # fmt: skip

SAFEGUARDING = Board(
    "hedgerow-safeguarding",
    "Hedgerow: safeguarding load",
    "How much comes in and how long it waits. No names, no addresses, no words, no bands: numbers of a week, so that "
    "in a small school no line is one child. What was written stands in `hedgerow reports`, for those who may read it.",
    [
        ("Waiting", [
            Panel("Requests for help unread", "stat", [(
                'sum(hedgerow_reports_unread{school=~"$school",kind=~"help|hurt"})', "unread")], width=6, height=4,
                red=0.5),
            Panel("Other reports unread", "stat", [(
                'sum(hedgerow_reports_unread{school=~"$school",kind!~"help|hurt"})', "unread")], width=6, height=4),
            Panel("Alerts unread", "stat", [(f"sum(hedgerow_alerts_unread{S})", "unread")], width=6, height=4),
            Panel("Messages no server has taken", "stat", [(f"sum(hedgerow_report_messages_waiting{S})", "waiting")],
                  width=6, height=4, red=0.5),
            Panel("The clock: how long the oldest unread waits, in school hours", "lines", [
                (f"max by (kind) (hedgerow_reports_oldest_unread_school_seconds{S})", "{{kind}}"),
                (f"max by (severity) (hedgerow_alerts_oldest_unread_school_seconds{S})", "alert {{severity}}"),
            ], "s", width=24, red=3600),
        ]),
        ("Load, sums of seven days", [
            Panel("Reports", "lines", [(f"sum by (kind) (increase(hedgerow_reports_asked_total{S}[7d]))", "{{kind}}")]),
            Panel("Alerts by topic", "lines", [(
                'sum by (topic) (increase(hedgerow_alerts_total{school=~"$school",result="new"}[7d])) > 0',
                "{{topic}}")]),
            Panel("Alerts by severity", "lines", [(
                'sum by (severity) (increase(hedgerow_alerts_total{school=~"$school",result="new"}[7d]))',
                "{{severity}}")]),
            Panel("Answered, of those reported", "lines", [(
                f"sum(increase(hedgerow_reports_answered_total{S}[30d]))"
                f" / (sum(increase(hedgerow_reports_asked_total{S}[30d])) > 0)", "30 days")], "percentunit",
                text="A child who hears nothing does not write again."),
            Panel("Reported again by the same person", "lines", [(
                f"sum(increase(hedgerow_reports_repeated_total{S}[7d]))", "repeated")]),
            Panel("Forms held off", "lines", [(
                f"sum by (reason) (increase(hedgerow_reports_held_total{S}[7d])) > 0", "{{reason}}")]),
        ]),
        ("Nothing lost", [
            Panel("Reports without a recipient", "stat", [(f"sum(hedgerow_reports_without_recipient{S})", "reports")],
                  width=6, height=4, red=0.5),
            Panel("Deleted unread, 30 days", "stat", [(
                f"sum(increase(hedgerow_reports_expired_unread_total{S}[30d]))", "reports")], width=6, height=4,
                red=0.5),
            Panel("Alerts lost, 30 days", "stat", [(f"sum(increase(hedgerow_alerts_dropped_total{S}[30d]))", "alerts")],
                  width=6, height=4, red=0.5),
            Panel("The store can be read", "stat", [(f"min(hedgerow_reports_readable{S})", "1 = yes")], width=6,
                  height=4),
        ]),
    ],
    hours=24 * 7,
)  # fmt: skip

ENGINEERING = Board(
    "hedgerow-engineering",
    "Hedgerow: engineering",
    "How the gateways do: time, memory, faults, workers, the log.",
    [
        ("Time", [
            Panel("Time in our own hooks, per request", "lines", [
                (f"histogram_quantile(0.5, sum by (le) (rate(hedgerow_added_seconds_bucket{S}[5m])))", "half"),
                (f"histogram_quantile(0.99, sum by (le) (rate(hedgerow_added_seconds_bucket{S}[5m])))", "99 of 100"),
            ], "s"),
            Panel("Time to search a page for words", "lines", [
                (f"histogram_quantile(0.5, sum by (le) (rate(hedgerow_scan_seconds_bucket{S}[5m])))", "half"),
                (f"histogram_quantile(0.99, sum by (le) (rate(hedgerow_scan_seconds_bucket{S}[5m])))", "99 of 100"),
            ], "s"),
            Panel("Longest delay of an event loop", "lines",
                  [(f"max by (school) (hedgerow_loop_lag_seconds{S})", "{{school}}")], "s"),
            Panel("Open connections", "lines",
                  [(f"sum by (school) (hedgerow_open_connections{S})", "{{school}}")]),
        ]),
        ("Faults", [
            Panel("Faults of our own hooks: each was refused", "lines", [(
                f"sum by (school) (increase(hedgerow_faults_total{S}[1h])) or sum by (school) (hedgerow_ready{S}) * 0",
                "{{school}}")], red=0.5),
            Panel("Workers replaced", "lines", [(
                f"sum by (reason) (increase(hedgerow_worker_restarts_total{S}[1h]))", "{{reason}}")]),
            Panel("TLS handshakes that failed", "stack", [(
                f"sum by (side) (rate(hedgerow_tls_failed_total{S}[5m]))", "{{side}}")], "reqps"),
            Panel("Connections refused before a request", "stack", [(
                f"sum by (reason) (rate(hedgerow_connections_refused_total{S}[5m]))", "{{reason}}")], "reqps"),
            Panel("Reloads", "lines", [(f"sum by (result) (increase(hedgerow_reloads_total{S}[1h]))", "{{result}}")]),
            Panel("Chores that failed", "lines", [(
                f"sum by (task) (increase(hedgerow_house_failures_total{S}[1h]))", "{{task}}")]),
        ]),
        ("Memory and disk", [
            Panel("Memory of each process", "lines", [(
                f"sum by (school, process) (hedgerow_memory_bytes{S})", "{{school}} {{process}}")], "bytes",
                text="Its own; the lists, which workers share, are not in it. A slope over days is a leak."),
            Panel("Decision log", "lines", [(f"sum by (school) (hedgerow_event_log_bytes{S})", "{{school}}")], "bytes"),
            Panel("Events written", "lines", [(
                f"sum by (school) (rate(hedgerow_events_written_total{S}[5m]))", "{{school}}")], "reqps"),
            Panel("Events and grants lost", "lines", [
                (f"sum(increase(hedgerow_events_dropped_total{S}[1h]))", "events"),
                (f"sum(increase(hedgerow_grants_dropped_total{S}[1h]))", "grants"),
                (f"sum(increase(hedgerow_seals_dropped_total{S}[1h]))", "seals"),
            ], red=0.5),
        ]),
        ("The scrape", [
            Panel("Series a gateway", "lines", [
                ('max by (school) (scrape_samples_scraped{job="hedgerow",school=~"$school"})', "{{school}}")]),
            Panel("How long a scrape takes", "lines", [
                ('max by (school) (scrape_duration_seconds{job="hedgerow",school=~"$school"})', "{{school}}")], "s"),
            Panel("What runs", "table", [
                (f"max by (school, version, mitmproxy, python) (hedgerow_build_info{S})", "runs")]),
            Panel("Change record: entries", "lines", [(f"max by (school) (hedgerow_record_entries{S})", "{{school}}")]),
        ]),
    ],
    hours=6,
)  # fmt: skip

BOARDS = (DISTRICT, SCHOOL, SAFEGUARDING, ENGINEERING)
