"""Certificates: the school's own CA, and those of the sites themselves."""

from __future__ import annotations

import datetime as dt
import stat
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509

from hedgerow.doctor.model import check
from hedgerow.doctor.patient import Patient
from hedgerow.stores.ca import CA_FILE, CERT_FILE, LEAF_KEY_FILE

SOON = dt.timedelta(days=60)
"""Long enough to give every device another one."""


@check(
    "ca-missing",
    "broken",
    "there is no CA, or it cannot be read: no https page can be shown",
    "`hedgerow ca` makes one; if there was one, restore state/ca/ from the backup, or every device must trust another.",
)
def missing(patient: Patient) -> Iterator[str]:
    for name in (CA_FILE, CERT_FILE, LEAF_KEY_FILE):
        if not (patient.state.ca / name).is_file():
            yield f"{patient.state.ca / name} is not there"
    if (patient.state.ca / CERT_FILE).is_file() and _certificate(patient) is None:
        yield f"{patient.state.ca / CERT_FILE} holds no certificate"


@check(
    "ca-ending",
    "soon",
    "the school's CA ends within two months, or has ended",
    "Plan it: move state/ca/ away, restart, hand out the new certificate (`hedgerow ca`) before the old one ends.",
)
def ending(patient: Patient) -> Iterator[str]:
    found = _certificate(patient)
    if found is not None and found.not_valid_after_utc < _now() + SOON:
        yield f"it ends on {found.not_valid_after_utc:%Y-%m-%d}"


@check(
    "ca-readable",
    "broken",
    "others can read the CA's key: whoever has it can pretend to be any site",
    "`chmod 700 state/ca; chmod 600 state/ca/*.pem`; if somebody may have read it, make a new CA.",
)
def readable(patient: Patient) -> Iterator[str]:
    for path in (patient.state.ca, patient.state.ca / CA_FILE, patient.state.ca / LEAF_KEY_FILE):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield f"{path}: mode {stat.S_IMODE(path.stat().st_mode):o}"


@check(
    "ca-untrusted",
    "broken",
    "many devices do not trust the school's CA: they see certificate errors",
    "Give them the certificate: http://hedgerow.internal/device on the device, or your device "
    "management (`hedgerow ca --pem`).",
)
def untrusted(patient: Patient) -> Iterator[str]:
    failed = patient.metric("hedgerow_tls_failed_total", side="client") or 0.0
    asked = patient.metric("hedgerow_requests_total", scheme="https") or 0.0
    if failed >= 20 and failed > asked / 10:
        yield f"{failed:.0f} handshakes failed on the devices' side, {asked:.0f} requests came through"


@check(
    "upstream-ca",
    "broken",
    "the file of --upstream-ca is gone, empty or out of date: no https site can be reached",
    "Put the right file there, or leave the option away: then the CAs that Mozilla trusts are used.",
)
def upstream(patient: Patient) -> Iterator[str]:
    named = str(patient.running.get("upstream_ca", "None"))
    if named == "None":
        return
    try:
        found = x509.load_pem_x509_certificates(Path(named).read_bytes())
    except (OSError, ValueError) as error:
        yield f"{named}: {error}"
        return
    if all(one.not_valid_after_utc < _now() for one in found):
        yield f"{named}: every certificate in it has ended"


def _certificate(patient: Patient) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate((patient.state.ca / CERT_FILE).read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
