"""What site.yaml leaves out and a school should know that it does."""

from __future__ import annotations

from collections.abc import Iterator

from hedgerow.core.model import Where
from hedgerow.stores.linting import Finding, Linting
from hedgerow.stores.policy_layers import SCHOOL

SITE = Where(f"{SCHOOL}site.yaml")


def nobody_opens(linting: Linting) -> Iterator[Finding]:
    """A school with networks of its own, where a pseudonym stays one whatever happens."""
    site = linting.loaded.site
    if site.networks and not site.privacy.keyholders:
        message = "privacy: no keyholders are named, nothing is sealed: nobody can open a pseudonym, also not later"
        yield Finding(SITE, message)
