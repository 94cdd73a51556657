"""Moments as staff are shown them: by the school's clock, as the decision log's are, and with its distance from UTC."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from hedgerow.cli.common import Failure, Place
from hedgerow.stores.site_reader import read_timezone


def zone_of(place: Place) -> ZoneInfo:
    """The zone of site.yaml; UTC while that file says none, or cannot be read."""
    return ZoneInfo(read_timezone(place.policies / "site.yaml"))


def written(at: float, zone: ZoneInfo, timespec: str = "minutes") -> str:
    """For programs: ISO 8601."""
    return datetime.fromtimestamp(at, zone).isoformat(timespec=timespec)


def shown(at: float, zone: ZoneInfo) -> str:
    """For people: ``2026-11-24 09:30 +07:00``."""
    return f"{datetime.fromtimestamp(at, zone):%Y-%m-%d %H:%M %:z}"


def since(text: str, zone: tzinfo) -> str:
    """``--since`` as moments of ``zone`` are written, to be compared letter by letter; "" for none. Raises Failure.

    As short as can be: the log may be written to the minute, and what it says of help to the day.
    """
    with suppress(ValueError):
        return date.fromisoformat(text).isoformat()
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise Failure(f"--since {text!r}: a date or a moment expected: 2026-11-23 or 2026-11-23T10:00") from error
    if moment is None:
        return ""
    local = (moment.astimezone(zone) if moment.tzinfo else moment).replace(tzinfo=None)
    return local.isoformat(timespec="seconds" if local.second else "minutes")
