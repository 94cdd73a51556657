"""The profile for Apple's systems: a property list with the keys Apple documents, the same each time, signed or not."""

from __future__ import annotations

import plistlib
import subprocess
import uuid
from pathlib import Path

import pytest
from cryptography import x509

from hedgerow.portal.profile import SIGNING_KEY, profile, signed
from hedgerow.stores.ca import ensure_ca


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> x509.Certificate:
    return ensure_ca(tmp_path_factory.mktemp("ca"), "Trường <Hoa> & Phượng").certificate


def test_it_holds_the_certificate_as_a_root(certificate: x509.Certificate) -> None:
    whole = plistlib.loads(profile(certificate, "Trường <Hoa> & Phượng"), fmt=plistlib.FMT_XML)
    assert (whole["PayloadType"], whole["PayloadVersion"]) == ("Configuration", 1)
    assert whole["PayloadOrganization"] == "Trường <Hoa> & Phượng"
    (root,) = whole["PayloadContent"]
    assert (root["PayloadType"], root["PayloadVersion"]) == ("com.apple.security.root", 1)
    assert x509.load_der_x509_certificate(root["PayloadContent"]) == certificate
    assert root["PayloadCertificateFileName"].endswith(".cer")
    for part in (whole, root):
        assert part["PayloadDisplayName"] and part["PayloadIdentifier"].startswith("internal.hedgerow.")
        assert str(uuid.UUID(part["PayloadUUID"])).upper() == part["PayloadUUID"]
    assert whole["PayloadUUID"] != root["PayloadUUID"]


def test_it_is_the_same_each_time_and_another_for_another_certificate(
    certificate: x509.Certificate, tmp_path: Path
) -> None:
    assert profile(certificate, "x") == profile(certificate, "x")
    other = ensure_ca(tmp_path).certificate
    assert (
        plistlib.loads(profile(other, "x"))["PayloadUUID"] != plistlib.loads(profile(certificate, "x"))["PayloadUUID"]
    )


def test_without_a_key_it_is_not_signed(tmp_path: Path) -> None:
    assert signed(b"x", tmp_path) is None


@pytest.mark.parametrize("kind", [["-newkey", "rsa:2048"], ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]])
def test_with_a_key_openssl_finds_it_signed_and_whole(
    certificate: x509.Certificate, tmp_path: Path, kind: list[str]
) -> None:
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = ["openssl", "req", "-x509", *kind, "-nodes", "-subj", "/CN=school.example", "-days", "2"]
    subprocess.run([*made, "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    (tmp_path / SIGNING_KEY).write_bytes(key.read_bytes() + cert.read_bytes())
    plain = profile(certificate, "x")
    message = signed(plain, tmp_path)
    assert message
    (tmp_path / "signed").write_bytes(message)
    opened = subprocess.run(
        ["openssl", "cms", "-verify", "-inform", "DER", "-in", str(tmp_path / "signed"), "-CAfile", str(cert),
         "-purpose", "any", "-out", str(tmp_path / "plain")], capture_output=True)  # fmt: skip
    assert opened.returncode == 0, opened.stderr
    assert (tmp_path / "plain").read_bytes() == plain


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"])
def test_a_key_that_cannot_sign_leaves_it_unsigned_and_is_logged(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / SIGNING_KEY).write_bytes(content)
    assert signed(b"x", tmp_path) is None and "cannot sign" in caplog.text


def test_a_key_of_another_certificate_does_not_sign(tmp_path: Path, certificate: x509.Certificate) -> None:
    ca = ensure_ca(tmp_path / "ca")
    other = ensure_ca(tmp_path / "other")
    (tmp_path / SIGNING_KEY).write_bytes((ca.folder / "leaf-key.pem").read_bytes() + other.pem)
    assert signed(b"x", tmp_path) is None
