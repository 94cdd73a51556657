"""An alert as it is kept: what a child typed that somebody at the school should know of. The least that lets them act.

Kept are the topic and how urgent it is, the band, the network, a pseudonym in place of the person, when, on which site
(its registrable domain; nothing where the school keeps no names of sites), and one window of the text, of at most 80
characters. Never an address, never the rest of the text. What is protected (helplines) and what a member-only list
closes leaves no alert at all.
"""

from __future__ import annotations

from datetime import datetime

from hedgerow.core.alerting import Alert
from hedgerow.core.model import Decision, Identity
from hedgerow.stores.events import Privacy
from hedgerow.stores.pseudonyms import Pseudonyms

MORE = "more"
"""The topic of what stands for alerts that were not kept one by one."""


def tellable(decision: Decision) -> bool:
    """May an alert be raised about what was typed on this way?"""
    return not decision.protected and not decision.secret


def make_alert(
    alert: Alert,
    decision: Decision,
    identity: Identity,
    now: datetime,
    privacy: Privacy,
    pseudonyms: Pseudonyms,
    received: bool = False,
) -> dict[str, str] | None:
    """What is handed on, as text; None when nothing may be. ``now`` is in the school's time zone.

    ``received``: somebody wrote it to this person.
    """
    if not tellable(decision):
        return None
    return {
        "at": f"{now.timestamp():.0f}",
        "topic": alert.topic,
        "severity": str(alert.severity),
        "channel": f"{alert.channel}, received" if received else str(alert.channel),
        "band": decision.band,
        "network": identity.network,
        "person": pseudonyms.of(identity.key, now, privacy.pseudonyms, privacy.keyholders),
        "site": decision.site if privacy.detail in ("host", "url") else "",
        "language": alert.language,
        "score": f"{alert.score:.2f}",
        "evidence": alert.evidence,
    }
