"""The certificate as a configuration profile, as Apple's systems install it.

Keys and payload types: Apple, Device Management, "TopLevel" and "CertificateRoot" (``com.apple.security.root``). A
profile says the same at each download, so that installing it again replaces the one before.
"""

from __future__ import annotations

import logging
import plistlib
import uuid
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from hedgerow.portal.certificate import FILE_NAME, common_name, der

logger = logging.getLogger(__name__)

SIGNING_KEY = "profile.pem"
"""In the state's ``keys/``: private key, its certificate and those above it, of an authority that devices know. The
school's own CA would not do: its key signs for the filter alone, and a device that asks does not know it yet."""
_SPACE = uuid.UUID("6a1f3f0e-6f0f-4f55-9d35-2f6f8b1d6c11")


def profile(certificate: x509.Certificate, school: str) -> bytes:
    """The profile as an XML property list, not signed."""
    print_ = certificate.fingerprint(hashes.SHA256()).hex()
    root = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"internal.hedgerow.ca.{print_[:16]}",
        "PayloadUUID": _uuid("root", print_),
        "PayloadDisplayName": common_name(certificate),
        "PayloadCertificateFileName": f"{FILE_NAME}.cer",
        "PayloadContent": der(certificate),
    }
    whole = {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": "internal.hedgerow.ca",
        "PayloadUUID": _uuid("profile", print_),
        "PayloadDisplayName": common_name(certificate),
        "PayloadOrganization": school or "Hedgerow",
        "PayloadDescription": f"SHA-256 {certificate.fingerprint(hashes.SHA256()).hex(':').upper()}",
        "PayloadContent": [root],
    }
    return plistlib.dumps(whole)


def signed(plain: bytes, keys: Path) -> bytes | None:
    """The profile as a signed message (CMS, RFC 5652), or None when no usable key lies in ``keys``."""
    path = keys / SIGNING_KEY
    if not path.exists():
        return None
    try:
        raw = path.read_bytes()
        key = serialization.load_pem_private_key(raw, None)
        own, *above = x509.load_pem_x509_certificates(raw)
        if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) or key.public_key() != own.public_key():
            raise ValueError("key and first certificate do not belong together")
        builder = pkcs7.PKCS7SignatureBuilder().set_data(plain).add_signer(own, key, hashes.SHA256())
        for one in above:
            builder = builder.add_certificate(one)
        return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    except (OSError, ValueError, TypeError) as error:
        logger.error("%s cannot sign, profiles are given out unsigned: %s", path, type(error).__name__)
        return None


def _uuid(part: str, fingerprint: str) -> str:
    return str(uuid.uuid5(_SPACE, f"{part} {fingerprint}")).upper()
