"""Whom a child's report reaches, and whom it does not: told before the first child writes."""

from __future__ import annotations

from collections.abc import Iterator

from hedgerow.core.addresses import is_private
from hedgerow.stores.lint_site import SITE
from hedgerow.stores.linting import Finding, Linting
from hedgerow.stores.report_model import CARE, KINDS, TOPICS
from hedgerow.stores.reports import kinds_with_recipient


def nobody_reads(linting: Linting) -> Iterator[Finding]:
    """Topics without a recipient: their buttons are not shown. Nothing is said before there is a school."""
    told = kinds_with_recipient(linting.loaded.site)
    if not linting.loaded.site.networks:
        return
    for care, what in ((True, "no child can write to the school for help"), (False, "these buttons are not shown")):
        missing = [TOPICS[kind] for kind in KINDS if kind not in told and (kind in CARE) is care]
        if missing:
            yield Finding(SITE, f"reports: nobody is told about {', '.join(missing)}: {what}; name somebody")


def nobody_hears(linting: Linting) -> Iterator[Finding]:
    """What goes wrong without anybody's writing: a desk is told nothing of it, a message has to go somewhere."""
    site = linting.loaded.site
    for topic, what in _UNHEARD.items() if site.networks else ():
        if all(one.startswith("desk:") for one in site.reports.get(topic, ())):
            yield Finding(SITE, f"reports: nobody is told {what}: name a mail or web address for {topic}")


def nobody_alerted(linting: Linting) -> Iterator[Finding]:
    """What a child types may say that it is in danger: nobody is named to be told, or the school switched it off."""
    site, bands = linting.loaded.site, linting.bands
    topics = sorted({topic for band in bands for topic, word in band.words.items() if word.alert})
    if site.networks and topics and not site.reports.get("alerts"):
        yield Finding(
            SITE, f"reports: nobody is told what pupils type about {', '.join(topics)}: name somebody for alerts"
        )
    for band in bands:
        shipped = linting.loaded.shipped[band.name].words
        for topic in (topic for topic, word in shipped.items() if word.alert):
            now = band.words.get(topic)
            if now is None or not now.alert:
                where = now.rule.where if now else SITE
                yield Finding(where, f"{band.name}: nobody is told any more what pupils type about {topic}")


_UNHEARD = {
    "alerts": "when an alert or a request for help stays unread for a school hour",
    "technical": "when the filter itself is in trouble",
}


def nobody_carries(linting: Linting) -> Iterator[Finding]:
    """Recipients by mail, and no server to mail by; or one that everybody on the way can listen to."""
    site = linting.loaded.site
    named = {one for recipients in site.reports.values() for one in recipients if one.startswith("mailto:")}
    if named and site.mail is None:
        yield Finding(SITE, f"reports: {min(named)} cannot be told: no mail server is named (mail:)")
    if site.mail and site.mail.security == "none" and not is_private(site.mail.server):
        message = f"mail: what is reported travels to {site.mail.server!r} unencrypted (security: none)"
        yield Finding(SITE, f"{message}; that is for a server inside the school, named by its address")
