from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgerow.stores.importing.reading import Root
from hedgerow.stores.importing.report import Report
from hedgerow.stores.importing.squidconf import SquidConf, parse
from tests.stores.importing.place import put, said

CONF = """# a comment
dbhome /var/lib/squidguard/db   # where
time lessons { weekly mtwhf 08:00 - 16:00
  date *-12-24 }
source pupils within lessons {
    ip 10.0.0.0/8, 10.1.0.1
}
dest adult {
    domainlist adult/domains
    log x#y
}
acl {
    pupils within lessons {
        pass good !adult all
    } else {
        pass any
    }
    default { pass none }
}
"""


WORDS = ["acl", "dest", "src", "time", "{", "}", "else", "within", "x", "pass", "\n", "#"]


def parsed(folder: Path, text: str | bytes) -> tuple[SquidConf, Report]:
    put(folder, {"squidGuard.conf": text})
    report = Report("x")
    return parse(Root(folder), folder / "squidGuard.conf", report), report


def test_the_whole_grammar(tmp_path: Path) -> None:
    conf, report = parsed(tmp_path, CONF)
    assert not report.rows
    assert [(one.word, one.rest) for one in conf.settings] == [("dbhome", ("/var/lib/squidguard/db",))]
    blocks = {(block.kind, block.name): block for block in conf.blocks}
    assert set(blocks) == {
        ("time", "lessons"), ("src", "pupils"), ("dest", "adult"), ("acl", "pupils"), ("acl", "default"),
    }  # fmt: skip
    assert blocks["src", "pupils"].statements[0].rest == ("10.0.0.0/8", "10.1.0.1")
    assert blocks["src", "pupils"].test == ("within", "lessons") == blocks["acl", "pupils"].test
    assert blocks["acl", "pupils"].otherwise is not None
    assert blocks["acl", "pupils"].otherwise[0].rest == ("any",)
    assert str(blocks["acl", "default"].where).endswith(":18")
    assert [s.word for s in blocks["time", "lessons"].statements] == ["weekly", "date"]


@pytest.mark.parametrize("text, place, why", [
    ("}\n", "squidGuard.conf:1", "belongs to no block"),
    ("dest adult\ndomainlist x\n", "squidGuard.conf:1", "expected"),
    ("dest a b c d {\n}\n", "squidGuard.conf:1", "expected"),
    ("dest adult {\n", "squidGuard.conf:1", "has no end"),
    ("acl {\n default { pass all }\n", "squidGuard.conf:1", "has no end"),
    ("acl {\n { pass all }\n}\n", "squidGuard.conf:2", "expected"),
    ("acl\n", "squidGuard.conf:1", "'{' expected"),
    ("dest a {\n x { y\n}\n", "squidGuard.conf:2", "a block inside"),
])  # fmt: skip
def test_what_is_wrong_is_told(tmp_path: Path, text: str, place: str, why: str) -> None:
    _, report = parsed(tmp_path, text)
    assert why in said(report)[place]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300) | st.lists(st.sampled_from(WORDS), max_size=40).map(lambda w: " ".join(w).encode()))
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    parsed(tmp_path, content)
