"""Step 4, exam mode: while a band or network sits an exam, nothing is reached but the sites its teacher named.

Exam mode only closes. What it lets through is judged by steps 5-7 and by words like anything else; a site of the exam
that a rule closes needs a pass beside it (``hedgerow exam start`` issues one). Through come:

- the sites of the exam, with all below them
- what is protected and what the floor says (they stand before this step): a helpline, and the portal
- ``updates``: a machine that mends itself in an exam shows no content, and one that cannot loses the exam's hour
- parts of pages (by the type of what was answered) from the hosts of ``page-parts``: the fonts and scripts without
  which the exam's own page stays blank. Any other host's part is closed: an answer machine speaks JSON, which is a part
"""

from __future__ import annotations

from hedgerow.core.asking import Asking
from hedgerow.core.categories import categories_of
from hedgerow.core.hosts import below
from hedgerow.core.model import Action, Capture, Decision, Exam, Kind, NameSource, Step
from hedgerow.core.sites import covers

UPDATES, PARTS = "updates", "page-parts"


def exam(asking: Asking, host: str) -> Decision | None:
    """The refusal of a host that is no part of the exam in force, or None."""
    sat = asking.grants.exam(asking.identity, asking.now) if asking.grants is not None else None
    if sat is None or _only_dialled(asking, host):
        return None
    if any(below(host, site) and covers(path, asking.request.path) for site, path in sat.sites):
        asking.note(Step.EXAM, "%s belongs to the exam %s", host, sat.id)
        return None
    categories = categories_of(asking.index, host, asking.request.path)
    if UPDATES in categories or (PARTS in categories and asking.request.kind is Kind.PART):
        asking.note(Step.EXAM, "%s stays open in the exam %s: updates, or a part of a page", host, sat.id)
        return None
    waits = PARTS in categories and asking.request.kind is Kind.UNKNOWN and not asking.request.upgrade
    asking.note(Step.EXAM, "%s is no site of the exam %s", host, sat.id)
    return _told(asking, sat, host, waits and asking.identity.level is Capture.DECRYPTED)


def _only_dialled(asking: Asking, host: str) -> bool:
    """True for the dialled address of a request that also names its site: the name decides, we dial our own answer."""
    sources = [name.source for name in asking.request.names if name.host == host]
    alone = len(asking.request.names) == len(sources)
    return not alone and all(source is NameSource.DESTINATION for source in sources)


def _told(asking: Asking, sat: Exam, host: str, waits: bool) -> Decision:
    """``waits``: a known host of parts; whether this is one is seen by its answer."""
    until = asking.now.fromtimestamp(sat.until, asking.now.tzinfo)
    return Decision(
        action=Action.ALLOW if waits else Action.BLOCK,
        capture=Capture.DECRYPTED,
        band=asking.band.name,
        step=Step.EXAM,
        rule=f"exam:{sat.id}",
        where=f"grant:{sat.id}",
        evidence=f"an exam is on until {until:%H:%M}, and {host} is no site of it",
        host=host,
        policy=asking.policy.version,
        pending=waits,
        until=until,
    )
