"""Moments as staff are shown them: by the school's clock, as the decision log's are, and with its distance from UTC."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from hedgerow.cli.common import Place
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
