"""What is legal and yet hardly meant: told in words, so that a person can decide. A check is a row in ``CHECKS``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from hedgerow.core.model import Index
from hedgerow.stores.lint_order import younger_opens
from hedgerow.stores.lint_reach import (
    blind,
    contradicted,
    decided_before,
    never_fires,
    skipped_examples,
    skipped_hours,
)
from hedgerow.stores.lint_reports import nobody_alerted, nobody_carries, nobody_hears, nobody_reads
from hedgerow.stores.lint_site import nobody_opens
from hedgerow.stores.lint_unread import unread
from hedgerow.stores.linting import Finding, Linting
from hedgerow.stores.policies import LoadedPolicy

CHECKS: tuple[Callable[[Linting], Iterator[Finding]], ...] = (
    younger_opens,
    never_fires,
    decided_before,
    blind,
    unread,
    skipped_hours,
    skipped_examples,
    contradicted,
    nobody_opens,
    nobody_reads,
    nobody_hears,
    nobody_alerted,
    nobody_carries,
)


def lint(loaded: LoadedPolicy, now: datetime, index: Index | None = None) -> tuple[Finding, ...]:
    """Everything worth telling about these policies, in the order of the files, each thing once."""
    linting = Linting(loaded, now, index)
    found = {finding: None for check in CHECKS for finding in check(linting)}
    return tuple(sorted(found, key=lambda f: (not f.refused, f.where.file, f.where.line, f.message)))
