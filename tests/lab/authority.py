"""The certificates of the lab's internet: a root of its own, and every kind of wrong certificate (evasion J).

The gateway is started with ``--upstream-ca`` of this root, so upstream verification is on in every test.
"""

from __future__ import annotations

import datetime
import ssl
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _pem(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


class Issuer:
    """One certificate that signs others."""

    def __init__(self, common: str, parent: Issuer | None = None) -> None:
        self.key: Key = ec.generate_private_key(ec.SECP256R1())
        self.name = _name(common)
        signer = parent or self
        builder = _base(self.name, signer.name, self.key).add_extension(x509.BasicConstraints(True, None), True)
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        identifier = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        builder = builder.add_extension(usage, True).add_extension(identifier, False)
        self.certificate = builder.sign(signer.key, hashes.SHA256())

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def leaf(self, host: str, key: Key, *, expired: bool = False) -> bytes:
        """A server certificate for ``host``, PEM."""
        builder = _base(_name(host), self.name, key, expired=expired)
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.add_extension(names, False).add_extension(authority, False)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def signed_with_sha1(self, certificate: bytes) -> bytes:
        """The same certificate (PEM) with a signature that `cryptography` makes no more."""
        with tempfile.TemporaryDirectory() as folder:
            for name, data in (("old", certificate), ("ca", self.pem), ("key", _pem(self.key))):
                Path(folder, name).write_bytes(data)
            command = "openssl x509 -in old -CA ca -CAkey key -sha1 -days 90".split()
            return subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout


def _base(subject: x509.Name, issuer: x509.Name, key: Key, *, expired: bool = False) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    end = NOW - 2 * DAY if expired else NOW + 90 * DAY
    return builder.not_valid_before(NOW - 9 * DAY).not_valid_after(end)


class Authority:
    """Hands out one TLS context a name."""

    def __init__(self) -> None:
        self.root = Issuer("Lab Internet Root")
        self._stranger = Issuer("Root nobody trusts")
        self._middle = Issuer("Middle nobody sends", self.root)
        self._key: Key = ec.generate_private_key(ec.SECP256R1())
        self._folder = Path(tempfile.mkdtemp(prefix="lab-leaves-"))
        self.context = cache(self._context)

    def _leaf(self, host: str) -> tuple[bytes, Key]:
        match host:
            case "expired.test":
                return self.root.leaf(host, self._key, expired=True), self._key
            case "selfsigned.test":
                alone = Issuer(host)
                return alone.leaf(host, alone.key), alone.key
            case "wronghost.test":
                return self.root.leaf("somebody-else.test", self._key), self._key
            case "untrusted.test":
                return self._stranger.leaf(host, self._key), self._key
            case "incomplete.test":
                return self._middle.leaf(host, self._key), self._key
            case "weakkey.test":
                weak = rsa.generate_private_key(65537, 1024)
                return self.root.leaf(host, weak), weak
            case "sha1.test":
                return self.root.signed_with_sha1(self.root.leaf(host, self._key)), self._key
            case "sha1middle.test":
                middle = Issuer("Middle signed with SHA-1", self.root)
                return middle.leaf(host, self._key) + self.root.signed_with_sha1(middle.pem), self._key
        return self.root.leaf(host, self._key), self._key

    def files(self, host: str) -> Path:
        """Key and chain of ``host`` in one PEM file."""
        certificate, key = self._leaf(host)
        path = self._folder / (host.replace("/", "_")[:100] + ".pem")
        path.write_bytes(_pem(key) + certificate)
        return path

    def _context(self, host: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("ALL:@SECLEVEL=0")
        if host == "oldtls.test":
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        if host == "mtls.test":
            context.verify_mode = ssl.CERT_REQUIRED
        context.load_cert_chain(self.files(host))
        context.set_alpn_protocols(["http/1.1"] if host == "h1only.test" else ["h2", "http/1.1"])
        return context
