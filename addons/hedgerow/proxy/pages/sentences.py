"""Which sentences tell a decision: the heading, what happened, why, and whether the band's own sentence fits."""

from __future__ import annotations

from hedgerow.core.judges import SUPPORT
from hedgerow.core.model import Action, Decision, Step
from hedgerow.proxy.pages.model import PageKind

_DONE_BY = {Step.WORDS: "words", Step.FILES: "files"}
"""Where the site itself is open, and only this page of it, or this file, is not."""
_OPENED_BY_SCHOOL = (Step.SITE, Step.CATEGORY, Step.DEFAULT)
_WHY = {
    Step.BUILTIN: "why.builtin",
    Step.ILLEGAL: "why.floor",
    Step.FLOOR: "why.floor",
    Step.SITE: "why.site",
    Step.FILES: "why.files",
    Step.WORDS: "why.words",
    Step.CATEGORY: "why.category",
}
_NEED_A_SUBJECT = ("why.words", "why.category")


def title_key(kind: PageKind, decision: Decision | None) -> str:
    """The heading: a file is no page."""
    closed_file = kind is PageKind.BLOCK and decision is not None and decision.step is Step.FILES
    return "block.title.files" if closed_file else f"{kind}.title"


def lead_key(kind: PageKind, decision: Decision | None) -> str:
    """What happened. Of a page that its words closed nobody says that its site is closed."""
    part = _DONE_BY.get(decision.step, "") if decision is not None else ""
    if part and (kind is PageKind.BLOCK or (kind is PageKind.WARN and part == "words")):
        return f"{kind}.lead.{part}"
    return f"{kind}.lead"


def reason_key(decision: Decision, subject: str) -> str:
    """Which sentence tells why. A word that was found is never repeated to a child, only what it is about."""
    if decision.rule == "unknown:address":
        return "why.address"
    if decision.rule == "undecodable":
        return "why.undecodable"
    why = _WHY.get(decision.step, "why.unknown")
    return why if subject or why not in _NEED_A_SUBJECT else "why.site"


def band_speaks(decision: Decision) -> bool:
    """May the band's own sentence ("tell your teacher the code") stand on this decision's page?

    Not where no teacher can open it, and not before somebody in need. A rule's own sentence may always.
    """
    if SUPPORT in (decision.category, decision.rule.removeprefix("words:")):
        return False
    if decision.action in (Action.WARN, Action.LIMIT):
        return True
    return decision.action is Action.BLOCK and decision.step in _OPENED_BY_SCHOOL
