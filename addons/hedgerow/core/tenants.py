"""Whose accounts may sign in at Google and Microsoft: headers that their sign-in pages obey.

Google    X-GoogApps-Allowed-Domains to all of google.com (https://support.google.com/a/answer/1668854)
Microsoft Restrict-Access-To-Tenants and Restrict-Access-Context to the three sign-in hosts, and
          sec-Restrict-Tenant-Access-Policy: restrict-msa to login.live.com
          (https://learn.microsoft.com/entra/identity/enterprise-apps/tenant-restrictions)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SET_BY_US = frozenset(
    {
        "x-googapps-allowed-domains",
        "restrict-access-to-tenants",
        "restrict-access-context",
        "sec-restrict-tenant-access-policy",
        "youtube-restrict",
    }
)
"""Headers that only the gateway may set: a pupil's own would say something else."""

_GOOGLE = re.compile(r"(?:[a-z0-9-]+\.)*(?:google\.com|googleusercontent\.com|googleapis\.com)")
_MICROSOFT = frozenset({"login.microsoftonline.com", "login.microsoft.com", "login.windows.net"})
_PERSONAL = "login.live.com"
_SIGN_IN = frozenset({"accounts.google.com", _PERSONAL}) | _MICROSOFT


@dataclass(frozen=True, slots=True)
class Tenants:
    """What site.yaml says of accounts; empty: any account may sign in."""

    google: tuple[str, ...] = ()  # domains
    microsoft: tuple[str, ...] = ()  # domains or directory ids
    directory: str = ""  # the directory id that sets the restriction
    personal: bool = True  # False: no private Microsoft accounts


def must_be_read(host: str, tenants: Tenants) -> bool:
    """True for a sign-in page that the restriction needs decrypted, though it would pass unread otherwise."""
    return host in _SIGN_IN and bool(tenant_headers(host, tenants))


def tenant_headers(host: str, tenants: Tenants) -> tuple[tuple[str, str], ...]:
    """The headers a request to this canonical host must carry."""
    if tenants.google and _GOOGLE.fullmatch(host):
        return (("X-GoogApps-Allowed-Domains", ",".join(tenants.google)),)
    if tenants.microsoft and host in _MICROSOFT:
        return (
            ("Restrict-Access-To-Tenants", ",".join(tenants.microsoft)),
            ("Restrict-Access-Context", tenants.directory),
        )
    if not tenants.personal and host == _PERSONAL:
        return (("sec-Restrict-Tenant-Access-Policy", "restrict-msa"),)
    return ()
