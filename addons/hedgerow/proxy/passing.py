"""What passes unread is counted where it passes: bodies piece by piece, so that one cut short counts as well."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from prometheus_client import Counter

from hedgerow import metrics
from hedgerow.core.model import Capture
from hedgerow.core.text import Text
from hedgerow.core.unread import Unread, by_type
from hedgerow.proxy.judged import Judged


@lru_cache(maxsize=256)
def _bytes(reason: str, band: str) -> Counter:
    """Kept: finding a series by its labels takes longer than moving it."""
    return metrics.NOT_INSPECTED_BYTES.labels(reason, band)


def unread(state: Judged, reason: Unread, size: int) -> None:
    """So many bytes of this exchange pass, and nobody reads them. Of our own test clients nothing is counted."""
    if size and not state.identity.synthetic:
        state.not_inspected = reason
        _bytes(reason, state.decision.band).inc(size)


def counted(reason: Unread, band: str) -> Callable[[int], None]:
    """Counts the bytes of a connection that is passed on, both ways."""
    return _bytes(reason, band).inc


class PassOn:
    """Lets a body through unread and counts it. ``skip``: bytes at its beginning that were read before."""

    def __init__(self, state: Judged, reason: Unread, skip: int = 0) -> None:
        self._state, self._reason, self._skip = state, reason, skip

    def __call__(self, data: bytes) -> bytes:
        read = min(self._skip, len(data))
        self._skip -= read
        unread(self._state, self._reason, len(data) - read)
        return data


def by_policy(state: Judged) -> Unread:
    """Why nobody asks for this exchange's words: a helpline's page, a network of names only, or the site's own rule."""
    if state.decision.protected:
        return Unread.PROTECTED
    return Unread.NAMES_ONLY if state.decision.capture is Capture.NAMES_ONLY else Unread.POLICY


def of_body(state: Judged, text: Text, media: str, data: bytes, coded: bool) -> None:
    """Count a held body as it lay on the wire: read, or not and why. Of a coded one cut short nobody can tell how
    much of it was read, so it counts as not read."""
    if text.undecodable:
        unread(state, Unread.UNDECODABLE, len(data))
    elif not text.inspected:
        unread(state, by_type(media), len(data))
    else:
        read = 0 if text.truncated and coded else min(len(data), text.inspected) if text.truncated else len(data)
        state.inspected += read
        unread(state, Unread.REST, len(data) - read)
