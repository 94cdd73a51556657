"""What people were to write or do, and what they are to be told: site.yaml, lists, helplines, reports."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hedgerow.doctor.model import check
from hedgerow.doctor.patient import Patient
from hedgerow.runtime import local_helplines
from hedgerow.stores.report_facts import read_facts
from hedgerow.stores.sources.facts import ListFacts, list_facts

_UNTOLD_SECONDS = 3600.0


@check(
    "no-networks",
    "broken",
    "site.yaml names no network: everyone, staff too, gets the strictest band",
    "Write the school's networks into policies/local/site.yaml; the file explains each line.",
)
def no_networks(patient: Patient) -> Iterator[str]:
    if patient.files and not patient.site.networks:
        yield "no network is named"


@check(
    "time-zone",
    "soon",
    "the school's time zone is not the machine's, or was never set: lessons begin at the wrong hour",
    "Write `timezone:` into site.yaml (Asia/Ho_Chi_Minh, Asia/Almaty ...), and `timedatectl set-timezone` the same.",
)
def time_zone(patient: Patient) -> Iterator[str]:
    if not patient.files or not patient.site.networks:
        return
    now = time.time()
    school = datetime.fromtimestamp(now, ZoneInfo(patient.site.timezone)).utcoffset()
    here = datetime.fromtimestamp(now).astimezone().utcoffset()
    if patient.site.timezone == "UTC" and patient.site.place.country:
        yield "site.yaml says UTC, or nothing"
    elif school != here and here:
        yield f"site.yaml says {patient.site.timezone}, and the machine's clock shows another zone's time"


@check(
    "no-recipient",
    "broken",
    "nobody is named who reads what children write when they need help",
    'Name a person in site.yaml: `reports: {help: ["mailto:..."], hurt: [...]}`; a desk '
    "alone (`desk:`) is told nothing.",
)
def no_recipient(patient: Patient) -> Iterator[str]:
    for topic in ("help", "hurt") if patient.files and patient.site.networks else ():
        if not patient.site.reports.get(topic):
            yield f"reports: {topic} has no recipient: its button is not shown"


@check(
    "nobody-hears",
    "soon",
    "when the filter itself is in trouble, nobody is told",
    "Name a mail or web address for `technical` in site.yaml, or let a Prometheus watch the "
    "gateway (deploy/prometheus).",
)
def nobody_hears(patient: Patient) -> Iterator[str]:
    told = patient.site.reports.get("technical", ())
    if patient.files and patient.site.networks and all(one.startswith("desk:") for one in told):
        yield "reports: technical has no address that a message can reach"


@check(
    "mail-failing",
    "broken",
    "reports cannot be delivered: nobody is told what children write",
    "`hedgerow reports list` shows them meanwhile. Try the server of `mail:` by hand; its "
    "password file must be readable.",
)
def mail_failing(patient: Patient) -> Iterator[str]:
    site = patient.site
    facts = read_facts(patient.state.reports, site, datetime.now(ZoneInfo(site.timezone)))
    if not facts.readable:
        yield f"{patient.state.reports} cannot be read"
    if facts.untold and facts.untold_seconds > _UNTOLD_SECONDS:
        hours = facts.untold_seconds / 3600
        yield f"{facts.untold} messages were not taken by any server, the oldest waits for {hours:.1f} hours"
    named = any(one.startswith("mailto:") for recipients in site.reports.values() for one in recipients)
    if named and site.mail is None:
        yield "recipients by mail are named, and no mail server (`mail:` in site.yaml)"
    elif site.mail is not None and site.mail.password_file and not Path(site.mail.password_file).is_file():
        yield f"the password file {site.mail.password_file} is not there"


@check(
    "helplines-unconfirmed",
    "soon",
    "nobody has called the helplines that children are shown",
    "Call each once; then write `status: confirmed` into policies/local/helplines/ (deploy/README.md, step 5).",
)
def helplines(patient: Patient) -> Iterator[str]:
    if patient.files is None:
        return
    lines = list(local_helplines(patient.files.loaded.helplines, patient.site))
    if patient.site.networks and not lines:
        yield "no helpline is known for the school's place (`place:` in site.yaml)"
    waiting = [line.number or line.text or line.name for line in lines if line.status != "confirmed"]
    if waiting:
        yield f"not confirmed: {', '.join(dict.fromkeys(waiting))}"


@check(
    "lists-missing",
    "soon",
    "a list that the school should have was never fetched: only the seeds filter",
    "`hedgerow lists update`; without internet `hedgerow lists unbundle FILE`. `{required: "
    "false}` says that you do without.",
)
def lists_missing(patient: Patient) -> Iterator[str]:
    missing = [one.source for one in _lists(patient) if one.required and not one.fetched]
    if missing:
        yield f"never fetched: {', '.join(missing)}"


@check(
    "lists-old",
    "soon",
    "a list is old: new sites of its kind are open",
    "`hedgerow lists update` says why it was not confirmed; see that the timer runs (`systemctl list-timers`).",
)
def lists_old(patient: Patient) -> Iterator[str]:
    for one in _lists(patient):
        age = time.time() - one.fetched
        if one.required and one.fetched and age > 2 * one.refresh:
            yield f"{one.source}: not confirmed for {age / 86_400:.0f} days"


@check(
    "lists-refused",
    "soon",
    "what a publisher has now is not taken: an error page, or a list beyond belief",
    "`hedgerow lists update SOURCE` says what it was, and how a change is accepted.",
)
def lists_refused(patient: Patient) -> Iterator[str]:
    yield from (f"{one.source}: the old one stays in force" for one in _lists(patient) if one.refused)


def _lists(patient: Patient) -> tuple[ListFacts, ...]:
    return list_facts(patient.files.list_sources, patient.state.lists) if patient.files else ()
