"""What teachers grant: passes, exams, the relaxation and unlock codes; written here, read by ``pass_copy``.

One small SQLite file (``state/grants.sqlite``), shared by the command line, the portal and all workers. Every grant is
in the change record before it is in force, and is in force in all workers a tenth of a second after it is written. A
locked or full disk raises PassError, and nothing is granted; another entry says so. A call may take a second: call it
from a thread.

To redeem a code::

    store = open_passes(State(root))
    answer = store.redeem(code, identity.key, address, host, now, identity.band, identity.network)
    if isinstance(answer, Refused): ...   # "unknown" | "expired" | "used-up" | "too-many": a sentence of the page
    else: ...                             # Redeemed(id, until, host, path, category, here): lead back to the page
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from hedgerow.stores import unlock
from hedgerow.stores.pass_ledger import Ledger, PassError
from hedgerow.stores.pass_rows import Granted, GrantKind, Scope, Target, new_id
from hedgerow.stores.record import Record
from hedgerow.stores.record_promise import Promises, promised
from hedgerow.stores.spans import Clocks
from hedgerow.stores.state import State, belong, key
from hedgerow.stores.unlock_codes import Code, Redeemed, Refused

__all__ = ["Code", "Granted", "PassError", "PassStore", "Redeemed", "Refused", "Scope", "Target", "open_passes"]


def open_passes(state: State) -> PassStore:
    """The store of this box. Raises PassError, or StateError when the key cannot be used."""
    secret = key(state.keys / "grants.key")
    belong(state.keys / "grants.key")
    return PassStore(state.grants, secret, Record(state.record))


class PassStore:
    """Grants, ends and lists; issues and redeems codes. Every writing call raises PassError or RecordError."""

    def __init__(self, path: Path, secret: bytes, record: Record, clocks: Clocks | None = None) -> None:
        self._ledger = Ledger(path, secret, record, clocks)

    def close(self) -> None:
        self._ledger.close()

    def add_pass(self, scope: Scope, target: Target, seconds: float, by: str, reason: str, parent: str = "") -> Granted:
        """Open ``target`` for so many seconds. ``parent``: the exam it ends with."""
        span = self._ledger.clocks.span(seconds)
        return self._grant(Granted(new_id(), GrantKind.PASS, scope, span, by, reason, target, parent=parent))

    def start_exam(
        self,
        scope: Scope,
        sites: Sequence[tuple[str, str]],
        seconds: float,
        by: str,
        reason: str,
        opened: Sequence[Target] = (),
    ) -> Granted:
        """Only these (host, path), for so many seconds. ``opened``: those of them that a rule closes else."""
        span = self._ledger.clocks.span(seconds)
        exam = Granted(new_id(), GrantKind.EXAM, scope, span, by, reason, sites=tuple(sites))
        passes = [Granted(new_id(), GrantKind.PASS, scope, span, by, reason, one, parent=exam.id) for one in opened]
        return self._grant(exam, *passes)

    def relax(self, seconds: float, by: str, reason: str) -> Granted:
        """Names only, for everybody, for so many seconds."""
        span = self._ledger.clocks.span(seconds)
        return self._grant(Granted(new_id(), GrantKind.RELAX, Scope(), span, by, reason))

    def end(self, ident: str, by: str, reason: str = "") -> Granted | None:
        """End a grant, and what came with it, now. None when nothing of that name is in force."""
        row = next((row for row in self.held() if row.id == ident), None)
        if row is not None:
            with promised(self._ledger.record) as told, self._ledger.writing() as connection:
                _tell(told, row, f"ended: {row.kind} {row.id}", by, reason)
                connection.execute("delete from granted where id = ? or parent = ?", (ident, ident))
        return row

    def held(self, kind: GrantKind | None = None) -> tuple[Granted, ...]:
        """All that is in force, oldest first."""
        return tuple(row for row in self._ledger.held() if kind in (None, row.kind))

    def left(self, row: Granted | Code) -> float:
        """Seconds until it ends by itself."""
        return self._ledger.left(row.span.wall_end)

    def issue(
        self, scope: Scope, target: Target, seconds: float, valid: float, uses: int, by: str, reason: str
    ) -> tuple[str, Code]:
        """A new code, which stands nowhere else, and what is known of it. ``valid``: seconds in which it can be typed.

        ``seconds``: how long it opens ``target`` for each of ``uses`` persons. PassError also when too many are live.
        """
        return unlock.issue(self._ledger, scope, target, seconds, valid, uses, by, reason)

    def codes(self) -> tuple[Code, ...]:
        """Those that can still be typed, oldest first."""
        return unlock.live(self._ledger)

    def end_code(self, ident: str, by: str, reason: str = "") -> bool:
        """End a code, and what was opened with it. False when none of that name is live."""
        return unlock.end(self._ledger, ident, by, reason)

    def redeem(
        self, code: str, person: str, address: str, host: str, now: datetime, band: str = "", network: str = ""
    ) -> Redeemed | Refused:
        """Open for this person what the code opens, or say why not. Nothing that is typed raises.

        ``person`` is the identity's key, ``host`` the canonical name of the page it was typed on, ``band`` and
        ``network`` the identity's: a code of another band or network is unknown. What one person types twice is used
        once. ``now`` is only told; what ends is measured by the store's own two clocks.
        """
        return unlock.redeem(self._ledger, code, person, address, host, band, network)

    def _grant(self, row: Granted, *beside: Granted) -> Granted:
        with promised(self._ledger.record) as told:
            for one in (row, *beside):
                _tell(told, one, f"{one.kind} {one.id}", one.by, one.reason)
            self._ledger.grant(row, *beside)
        return row


def _tell(told: Promises, row: Granted, what: str, who: str, why: str) -> None:
    """Before it takes place: what is not recorded does not happen."""
    kind = "relax" if row.kind is GrantKind.RELAX else "grant"
    minutes = round((row.span.wall_end - row.span.wall_start) / 60, 1)
    told.append(kind, who, f"{what}: {row.what()}", why, {"minutes": minutes, "rules": list(row.target.rules)})
