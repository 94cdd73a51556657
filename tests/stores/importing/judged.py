"""What Hedgerow says about a URL with an imported folder as the school's own, by the very code that filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from hedgerow.cli.asked import Asked, request_of
from hedgerow.cli.common import home
from hedgerow.core.categories import KEPT, covering
from hedgerow.core.hosts import is_public_suffix, parents
from hedgerow.core.model import Decision, Identity
from hedgerow.core.policy import decide
from hedgerow.runtime import Snapshot, Sources, assemble, compile_files


def snapshot(out: Path, index: Path) -> Snapshot:
    shipped = home()
    school, lists = out / "policies" / "local", out / "blocklists"
    return assemble(compile_files(Sources(shipped / "policies", school, lists, shipped / "blocklists", index)))


@dataclass
class Compared:
    """How many names were asked, and where the verdicts part, by the reason for it ("" = none is known)."""

    asked: int
    different: dict[str, list[str]]

    @property
    def equal(self) -> int:
        return self.asked - sum(map(len, self.different.values()))

    def __str__(self) -> str:
        rows = [f"{len(names):5}  {reason or 'WITHOUT A REASON'}: {', '.join(names[:5])}"
                for reason, names in sorted(self.different.items())]  # fmt: skip
        return "\n".join([f"{self.equal} of {self.asked} names: the same verdict", *rows])


def compare(
    band: str, snap: Snapshot, urls: Iterable[str], blocks: Callable[[str, str, datetime], bool], at: datetime
) -> Compared:
    """The original's verdict and ours on every name, at one moment of the school's time."""
    now, different, asked = at.replace(tzinfo=snap.zone), dict[str, list[str]](), 0
    for url in urls:
        host, slash, path = url.partition("/")
        decision = decide(
            request_of(Asked(f"http://{url}", kind="page")), Identity("", band), snap.policy, snap.index, now
        )
        blocked = blocks(host.lower(), slash + path or "/", now)
        asked += 1
        if decision.action.forbids is not blocked:
            different.setdefault(reason(snap, host, decision, blocked), []).append(url)
    return Compared(asked, different)


def reason(snap: Snapshot, host: str, decision: Decision, blocked: bool) -> str:
    """The deliberate differences: every one has its row here, and a row in deploy/MIGRATION.md."""
    if decision.protected and blocked:
        return "a helpline stands above every list"
    if decision.rule.startswith("floor:") and not blocked:
        return "the floor stands above every list"
    if decision.rule.startswith("builtin:") and not blocked:
        return "no request may be sent to such a name"
    if blocked and any(is_public_suffix(parent) for parent in parents(host)):
        listed = {match.name for _, match in covering(snap.index, host)}
        if not listed and not host.replace(".", "").isdigit():
            return "a public suffix is listed: it closes itself, not strangers' sites below it"
    if not blocked and decision.rule.startswith("category:") and not KEPT & {decision.category}:
        return "Hedgerow's own list or the shipped rule of a category the group left alone"
    return ""


def sample(count: int, *lists: Iterable[str]) -> list[str]:
    """As many of each list as it has a share, the same at every run."""
    chosen: dict[str, None] = {}
    every = [sorted(set(names)) for names in lists]
    for names in every:
        part = max(count // len(every), 1)
        chosen |= dict.fromkeys(Random(7).sample(names, min(part, len(names))))
    rest = sorted({name for names in every for name in names} - chosen.keys())
    chosen |= dict.fromkeys(Random(8).sample(rest, min(max(count - len(chosen), 0), len(rest))))
    return list(chosen)[:count]
