"""The school's own certificate authority: made on this box, never leaving it but for its public certificate.

Both keys are P-256. Leaves are signed by the CA's key but carry a key of their own, so that a leaf key read from a
worker's memory signs nothing. The layout is mitmproxy's (``mitmproxy-ca.pem``: key and certificate), which tools know.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hedgerow.stores.state import write_whole

CA_FILE = "mitmproxy-ca.pem"
CERT_FILE = "mitmproxy-ca-cert.pem"
LEAF_KEY_FILE = "leaf-key.pem"
CA_DAYS = 5 * 365
LEAF_DAYS = 180
"""Browsers refuse leaves over 398 days, from 2026 on over 200 (CA/Browser Forum ballot SC-081)."""
_BEFORE = dt.timedelta(days=2)
"""Clients' clocks run late."""


class CAError(Exception):
    """The CA cannot be used. The message says what to do; nothing was changed."""


@dataclass(frozen=True, slots=True)
class CA:
    """The CA's certificate and both keys, and where they lie."""

    folder: Path
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    leaf_key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        """The public certificate, the only part that leaves the box."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def fingerprint(self) -> str:
        """SHA-256, as devices show it: pairs of hexadecimal digits between colons."""
        return self.certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    @property
    def expires(self) -> float:
        """Seconds since the epoch."""
        return self.certificate.not_valid_after_utc.timestamp()

    @property
    def certificate_file(self) -> Path:
        return self.folder / CERT_FILE


def ensure_ca(folder: Path, school: str = "") -> CA:
    """The CA in ``folder``, made there at the first call (folder 0700, keys 0600). Raises CAError."""
    if leaking := [name for name in ("SSLKEYLOGFILE", "MITMPROXY_SSLKEYLOGFILE") if os.environ.get(name)]:
        raise CAError(f"{leaking[0]} is set: it would write every pupil's TLS secrets to a file. Unset it.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    if not (folder / CA_FILE).exists():
        _create(folder, school)
    if not (folder / LEAF_KEY_FILE).exists():
        write_whole(folder / LEAF_KEY_FILE, _pem(ec.generate_private_key(ec.SECP256R1())))
    return _load(folder)


def _create(folder: Path, school: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = _self_signed(key, school).public_bytes(serialization.Encoding.PEM)
    write_whole(folder / CA_FILE, _pem(key) + pem)
    write_whole(folder / CERT_FILE, pem, 0o644)


def public_certificate(folder: Path) -> x509.Certificate:
    """The certificate that is given out; no key is looked at. Raises CAError where there is none that can be read."""
    path = folder / CERT_FILE
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise CAError(f"{path} cannot be read ({error}); the gateway writes it when it starts") from error


def _give_out(folder: Path, pem: bytes) -> None:
    """A CA brought along as ``CA_FILE`` alone is given out too, and none but the one that signs."""
    path = folder / CERT_FILE
    if not path.exists() or path.read_bytes() != pem:
        write_whole(path, pem, 0o644)


def _load(folder: Path) -> CA:
    path = folder / CA_FILE
    try:
        raw = path.read_bytes()
        key = serialization.load_pem_private_key(raw, None)
        leaf_key = serialization.load_pem_private_key((folder / LEAF_KEY_FILE).read_bytes(), None)
        certificate = x509.load_pem_x509_certificate(raw)
    except (OSError, ValueError, TypeError) as error:
        raise CAError(f"{path} cannot be read ({error}); restore it, or move it away for a new CA") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(leaf_key, ec.EllipticCurvePrivateKey):
        raise CAError(f"{path} holds a key that is not P-256; move it away for a new CA")
    if key.public_key() != certificate.public_key():
        raise CAError(f"{path}: key and certificate do not belong together; restore it from the backup")
    if certificate.not_valid_after_utc < dt.datetime.now(dt.UTC):
        raise CAError(f"{path} has expired; move it away for a new CA, and hand that out to the devices")
    for name in (CA_FILE, LEAF_KEY_FILE):
        (folder / name).chmod(0o600)
    _give_out(folder, certificate.public_bytes(serialization.Encoding.PEM))
    return CA(folder, certificate, key, leaf_key)


def leaf(ca: CA, host: str) -> x509.Certificate:
    """A certificate for exactly this canonical host or address, signed by the CA, for the leaves' own key."""
    now = dt.datetime.now(dt.UTC)
    until = min(now + dt.timedelta(days=LEAF_DAYS), ca.certificate.not_valid_after_utc)
    subject = [x509.NameAttribute(NameOID.COMMON_NAME, host)] if len(host) < 64 else []
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name(subject))
        .issuer_name(ca.certificate.subject)
        .public_key(ca.leaf_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([_alternative(host)]), critical=not subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_authority(ca.certificate), critical=False)
        .sign(ca.key, hashes.SHA256())
    )


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _authority(certificate: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    own = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


def _self_signed(key: ec.EllipticCurvePrivateKey, school: str) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    organization = school[:60] or "Hedgerow"
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, f"Hedgerow CA of {organization}"[:64]),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
        ]
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now + dt.timedelta(days=CA_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_signs_only(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _signs_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
