from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hedgerow.stores.importing.e2conf import settings
from hedgerow.stores.importing.reading import Root
from hedgerow.stores.importing.report import Report
from tests.stores.importing.place import put, said

CONF = """# a comment
.Define LISTDIR </etc/e2guardian/lists>
groupname = 'the young ones'
naughtynesslimit = 50   # a comment
usesmtp = off\t#NOT YET
sitelist = 'name=banned,messageno=500,path=__LISTDIR__/bannedsitelist'
bannedphraselist = "/etc/x"
mailfrom = ''
what is this
.Include<more.conf>
.Include<round.conf>
.Include</etc/passwd>
.Strange
"""


def test_settings(tmp_path: Path) -> None:
    put(tmp_path, {"a.conf": CONF, "more.conf": "sslmitm = on\n", "round.conf": ".Include<a.conf>\n"})
    report = Report("x")
    found = settings(Root(tmp_path), tmp_path / "a.conf", report)
    assert [(one.key, one.value) for one in found] == [
        ("groupname", "the young ones"), ("naughtynesslimit", "50"), ("usesmtp", "off"),
        ("sitelist", "name=banned,messageno=500,path=/etc/e2guardian/lists/bannedsitelist"),
        ("bannedphraselist", "/etc/x"), ("mailfrom", ""), ("sslmitm", "on"),
    ]  # fmt: skip
    assert found[3].parts == {"name": "banned", "messageno": "500", "path": "/etc/e2guardian/lists/bannedsitelist"}
    assert found[4].parts == {"path": "/etc/x"} and found[-1].on and str(found[-1].where) == "more.conf:1"
    told = said(report)
    assert "cannot be read" in told["a.conf:9"] and "cannot be read" in told["a.conf:13"]
    assert "back to itself" in told["round.conf:1"] and "leads out" in told["a.conf:12"]
    assert report.refused == 2


@hypothesis_settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300) | st.text(alphabet="ab=' \"#\n.<>IncludeDf__", max_size=200).map(str.encode))
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    put(tmp_path, {"a.conf": content})
    settings(Root(tmp_path), tmp_path / "a.conf", Report("x"))
