"""The school's certificate as files to take away. Public, the same for everybody, and no key is near it."""

from __future__ import annotations

import asyncio

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from hedgerow.portal.house import House
from hedgerow.portal.who import Who
from hedgerow.stores.ca import CAError, public_certificate

FILE_NAME = "hedgerow-ca"
DER, PEM, PROFILE = "application/x-x509-ca-cert", "application/x-pem-file", "application/x-apple-aspen-config"
"""What browsers and systems know the files by."""


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256, as devices show it: pairs of hexadecimal digits between colons."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def common_name(certificate: x509.Certificate) -> str:
    """What devices call it in their lists."""
    named = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(named[0].value) if named else certificate.subject.rfc4514_string()


async def held(house: House) -> x509.Certificate | None:
    """The certificate that is given out; None where there is none, and nothing to give."""
    try:
        return await asyncio.to_thread(public_certificate, house.state.ca)
    except CAError:
        return None


async def serve_der(_request: Request, house: House, _who: Who) -> Response:
    found = await held(house)
    return _file(der(found), DER, f"{FILE_NAME}.cer") if found else _missing()


async def serve_pem(_request: Request, house: House, _who: Who) -> Response:
    found = await held(house)
    return _file(found.public_bytes(serialization.Encoding.PEM), PEM, f"{FILE_NAME}.crt") if found else _missing()


async def serve_profile(_request: Request, house: House, _who: Who) -> Response:
    from hedgerow.portal.profile import profile, signed

    found = await held(house)
    if found is None:
        return _missing()
    plain = profile(found, house.shown.site.school)
    made = await asyncio.to_thread(signed, plain, house.state.keys)
    return _file(made or plain, PROFILE, f"{FILE_NAME}.mobileconfig")


def _file(content: bytes, kind: str, name: str) -> Response:
    """Inline, so that a system that knows the kind offers to install it; whoever saves it gets the ``name``."""
    headers = {
        "content-disposition": f'inline; filename="{name}"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
    }
    return Response(content, 200, headers, kind)


def _missing() -> Response:
    return PlainTextResponse("there is no certificate yet\n", 503, {"cache-control": "no-store"})
