from __future__ import annotations

import pytest

from hedgerow.core.tenants import Tenants, must_be_read, tenant_headers

ID = "8d7b1c9e-0f3a-4c55-9d53-0a6f0c1d2e3f"
SCHOOL = Tenants(("school.example", "pupils.example"), ("school.example",), ID, personal=False)
MICROSOFT = (("Restrict-Access-To-Tenants", "school.example"), ("Restrict-Access-Context", ID))


@pytest.mark.parametrize(
    ("host", "headers"),
    [
        ("accounts.google.com", (("X-GoogApps-Allowed-Domains", "school.example,pupils.example"),)),
        ("google.com", (("X-GoogApps-Allowed-Domains", "school.example,pupils.example"),)),
        ("google.com.evil.example", ()),
        ("notgoogle.com", ()),
        ("login.microsoftonline.com", MICROSOFT),
        ("login.windows.net", MICROSOFT),
        ("login.live.com", (("sec-Restrict-Tenant-Access-Policy", "restrict-msa"),)),
        ("login.microsoftonline.com.evil.example", ()),
    ],
)
def test_only_to_whom_they_belong(host: str, headers: tuple[tuple[str, str], ...]) -> None:
    assert tenant_headers(host, SCHOOL) == headers
    assert tenant_headers(host, Tenants()) == ()


def test_sign_in_is_read_where_it_is_restricted() -> None:
    """And nowhere else: the device's own names stay unread."""
    assert must_be_read("accounts.google.com", SCHOOL) and must_be_read("login.live.com", SCHOOL)
    assert not must_be_read("m.google.com", SCHOOL) and not must_be_read("accounts.google.com", Tenants())
