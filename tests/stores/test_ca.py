"""The CA: made once, closed to others, and leaves browsers accept."""

from __future__ import annotations

import datetime as dt
import ipaddress
import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtensionOID

from hedgerow.stores import ca as module
from hedgerow.stores.ca import CA, CA_FILE, CERT_FILE, LEAF_KEY_FILE, CAError, ensure_ca, leaf, public_certificate


@pytest.fixture
def ca(tmp_path: Path) -> CA:
    return ensure_ca(tmp_path / "ca", "Школа № 3")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_made_once_and_closed_to_others(ca: CA) -> None:
    assert mode(ca.folder) == 0o700
    assert mode(ca.folder / CA_FILE) == mode(ca.folder / LEAF_KEY_FILE) == 0o600
    again = ensure_ca(ca.folder)
    assert again.fingerprint == ca.fingerprint
    assert again.leaf_key.private_numbers() == ca.leaf_key.private_numbers()


def test_a_key_somebody_opened_is_closed_again(ca: CA) -> None:
    (ca.folder / CA_FILE).chmod(0o644)
    ensure_ca(ca.folder)
    assert mode(ca.folder / CA_FILE) == 0o600


def test_it_is_p256_says_whose_it_is_and_signs_leaves_only(ca: CA) -> None:
    assert isinstance(ca.key.curve, ec.SECP256R1)
    assert "Школа № 3" in ca.certificate.subject.rfc4514_string()
    constraints = ca.certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert constraints.ca and constraints.path_length == 0
    assert ca.expires > dt.datetime.now().timestamp() + 4 * 365 * 86400
    assert ca.fingerprint.count(":") == 31
    assert ca.pem == (ca.folder / CERT_FILE).read_bytes()
    assert b"PRIVATE" not in ca.certificate_file.read_bytes()


@pytest.mark.parametrize("host", ["allowed.test", "xn--bcher-kva.test", "a" * 63 + ".test", "_x.-y.test"])
def test_a_leaf_names_its_host_only(ca: CA, host: str) -> None:
    made = leaf(ca, host)
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [host] and len(list(names)) == 1
    made.verify_directly_issued_by(ca.certificate)


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::7"])
def test_a_leaf_for_an_address(ca: CA, address: str) -> None:
    names = leaf(ca, address).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.IPAddress) == [ipaddress.ip_address(address)]


def test_a_leaf_lives_under_200_days_and_has_a_key_of_its_own(ca: CA) -> None:
    made = leaf(ca, "allowed.test")
    assert made.not_valid_after_utc - made.not_valid_before_utc < dt.timedelta(days=200)
    assert made.public_key() == ca.leaf_key.public_key() != ca.certificate.public_key()
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert made.extensions.get_extension_for_oid(ExtensionOID.AUTHORITY_KEY_IDENTIFIER)


def test_a_leaf_does_not_outlive_its_ca(ca: CA, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "CA_DAYS", 3)
    short = ensure_ca(tmp_path / "short")
    assert leaf(short, "allowed.test").not_valid_after_utc == short.certificate.not_valid_after_utc


@pytest.mark.parametrize("name", ["SSLKEYLOGFILE", "MITMPROXY_SSLKEYLOGFILE"])
def test_it_refuses_where_tls_secrets_would_be_written(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(name, "/tmp/keys")
    with pytest.raises(CAError, match=name):
        ensure_ca(tmp_path / "ca")
    assert not (tmp_path / "ca").exists()


def test_what_is_broken_is_never_silently_replaced(ca: CA) -> None:
    path = ca.folder / CA_FILE
    good = path.read_bytes()
    path.write_bytes(b"nonsense")
    with pytest.raises(CAError, match="restore it"):
        ensure_ca(ca.folder)
    assert path.read_bytes() == b"nonsense"
    path.write_bytes((ca.folder / LEAF_KEY_FILE).read_bytes() + good[good.index(b"-----BEGIN CERT") :])
    with pytest.raises(CAError, match="do not belong together"):
        ensure_ca(ca.folder)


def test_an_expired_ca_is_not_served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "CA_DAYS", -1)
    with pytest.raises(CAError, match="expired"):
        ensure_ca(tmp_path / "ca")


def test_what_is_given_out_is_the_one_that_signs(ca: CA, tmp_path: Path) -> None:
    """A school may bring its CA along as one file, or put another in its place."""
    other = ensure_ca(tmp_path / "other")
    (other.folder / CA_FILE).write_bytes((ca.folder / CA_FILE).read_bytes())
    assert public_certificate(other.folder) != ca.certificate
    assert ensure_ca(other.folder).certificate == ca.certificate == public_certificate(other.folder)
    (other.folder / CERT_FILE).unlink()
    ensure_ca(other.folder)
    assert public_certificate(other.folder) == ca.certificate
    assert stat.S_IMODE((other.folder / CERT_FILE).stat().st_mode) == 0o644


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_without_a_certificate_there_is_none_to_give_out(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / CERT_FILE).write_bytes(content)
    with pytest.raises(CAError, match="cannot be read"):
        public_certificate(tmp_path)
