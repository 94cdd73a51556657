"""Why something was not read: a closed set, and the reason a media type gives."""

from __future__ import annotations

import pytest

from hedgerow.core.unread import OUTCOMES, PASSED, Unread, by_type


@pytest.mark.parametrize(
    "media, reason",
    [
        ("image/png", Unread.PICTURE),
        ("image/svg+xml", Unread.PICTURE),
        ("audio/mpeg", Unread.MEDIA),
        ("video/mp4", Unread.MEDIA),
        ("text/javascript", Unread.CODE),
        ("application/x-javascript", Unread.CODE),
        ("text/css", Unread.CODE),
        ("font/woff2", Unread.CODE),
        ("application/wasm", Unread.CODE),
        ("application/json", Unread.CODE),
        ("application/pdf", Unread.OTHER),
        ("application/zip", Unread.OTHER),
        ("application/octet-stream", Unread.OTHER),
        ("", Unread.OTHER),
        ("nonsense", Unread.OTHER),
    ],
)
def test_by_type(media: str, reason: Unread) -> None:
    assert by_type(media) is reason


def test_a_connection_has_one_outcome_of_a_closed_set() -> None:
    assert set(OUTCOMES) == {"opened", "handshake"} | {str(reason) for reason in PASSED}
    assert len(OUTCOMES) == len(set(OUTCOMES))
