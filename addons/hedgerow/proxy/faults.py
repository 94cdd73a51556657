"""The page of our own fault, with whom to call on it: made ready at each reload, so that showing it asks nobody.

The guard shows it, and ``apply.fault`` in its place should it fail: that one needs neither policy nor snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mitmproxy import http

from hedgerow.pages.parts import PREFIX
from hedgerow.proxy import apply, context, pages
from hedgerow.proxy.judged import KEY, Judged
from hedgerow.proxy.pages.model import PageContext, PageKind
from hedgerow.runtime import Snapshot

_UNKNOWN = "middle"
"""How somebody is spoken to of whom the fault left us no idea."""


@dataclass(frozen=True, slots=True)
class _Ready:
    snapshot: Snapshot
    pages: Mapping[str, PageContext]  # by language


class FaultPages:
    """Implements ``failing.FaultPage``."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._ready = _made_ready(snapshot)

    def load(self, snapshot: Snapshot) -> None:
        """From now on the school's words and numbers are those of this snapshot."""
        self._ready = _made_ready(snapshot)

    def show(self, flow: http.HTTPFlow) -> None:
        """Put the page, or what can be shown in its place, into the flow."""
        ready, state = self._ready, flow.metadata.get(KEY)
        band = state.identity.band if isinstance(state, Judged) else ""
        known, accepted = ready.snapshot.policy.bands.get(band), flow.request.headers.get("accept-language", "")
        made = replace(
            ready.pages[pages.choose_language(accepted, ready.snapshot.languages(band))],
            register=known.register if known is not None else _UNKNOWN,
            portal=context.own_address(ready.snapshot, flow) or PREFIX,
            answer=apply.fault_form(flow),
        )
        apply.set_response(flow, pages.render(PageKind.FAULT, None, made))
        if isinstance(state, Judged):
            state.answered = True


def _made_ready(snapshot: Snapshot) -> _Ready:
    """Every language that the site or a band of it speaks. The banner of a relaxation is not among what is told."""
    spoken = {*snapshot.site.languages, *(one for band in snapshot.policy.bands.values() for one in band.languages)}
    made = {language: context.of_school(snapshot, language, None, None) for language in spoken}
    return _Ready(snapshot, {language: replace(page, status=503) for language, page in made.items()})
