"""Host names as mitmproxy's parsers must read them: by the URL Standard, not by Python's ``idna`` codec.

The codec is IDNA 2003: it refuses ``xn--fa-hia.test`` (faß.test) and joiners of Persian names, so that mitmproxy
answers 400 for real sites and, worse, sees no SNI where there is one.
"""

from __future__ import annotations

from mitmproxy.net.check import is_valid_port
from mitmproxy.net.http import url

from hedgerow.core.hosts import HostError, canonical_host


def is_valid_host(host: str | bytes) -> bool:
    """True when ``core.hosts`` takes it for a name or an address."""
    try:
        canonical_host(_text(host))
    except HostError:
        return False
    return True


def parse_authority(authority: str | bytes, check: bool) -> tuple[str, int | None]:
    """``host[:port]`` of a CONNECT target or Host header. Raises ValueError when ``check`` and it is malformed."""
    text = _text(authority)
    found = url._authority_re.match(text)
    host = found["host"].removeprefix("[").removesuffix("]") if found else ""
    port = int(found["port"]) if found and found["port"] else None
    if found and is_valid_host(host) and (port is None or is_valid_port(port)):
        return host, port
    if check:
        raise ValueError("malformed authority")
    return text, None


def _text(raw: str | bytes) -> str:
    return raw.decode("utf-8", "surrogateescape") if isinstance(raw, bytes) else raw
