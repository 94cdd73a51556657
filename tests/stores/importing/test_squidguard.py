"""Whole configurations of squidGuard, and folders of lists without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.stores.importing import squidguard
from hedgerow.stores.importing.faults import ImportFault
from hedgerow.stores.importing.model import Ruled, Verdict
from hedgerow.stores.importing.report import Report
from hedgerow.stores.importing.times import Week
from tests.stores.importing.place import put, said, squid

HEAD = "dbhome /usr/local/squidGuard/db\ntime day { weekly mtwhf 08:00-16:00 }\nsrc kids { ip 10.0.0.0/8 }\n"
DESTS = "dest bad { domainlist bad/domains\n urllist bad/urls }\ndest good { domainlist good/domains }\n"
FILES = {
    "db/bad/domains": "bad.example\n10.0.0.1\n",
    "db/bad/urls": "x.example/bad\nx.example/?q=1\n",
    "db/good/domains": "good.bad.example\n",
}
DAY = Week.of((day, 480, 960) for day in range(5))
ALLOW, BLOCK = Ruled(Verdict.ALLOW), Ruled(Verdict.BLOCK)


def ruled(folder: Path, acl: str) -> dict[str, Ruled]:
    made, _ = squid(folder, {**FILES, "squidGuard.conf": HEAD + DESTS + f"acl {{\n{acl}\n}}\n"})
    (group,) = [group for group in made.groups if group.key == "kids"]
    bad, urls, good = (one.bit for one in made.lists.lists)
    return {
        "bad": group.ruled(bad),
        "good": group.ruled(good),
        "both": group.ruled(bad | good),
        "urls": group.ruled(urls),
        "none": group.ruled(0),
        "address": group.ruled(0, address=True),
    }


@pytest.mark.parametrize(
    "acl, expected",
    [
        ("kids { pass good !bad all }", {"bad": BLOCK, "urls": BLOCK, "good": ALLOW, "both": ALLOW, "none": ALLOW}),
        ("kids { pass !bad good all }", {"both": BLOCK}),  # from left to right
        ("kids { pass good none }", {"good": ALLOW, "none": BLOCK, "bad": BLOCK}),
        ("kids { pass !in-addr all }", {"address": BLOCK, "none": ALLOW}),
        ("kids { pass !bad any }", {"none": ALLOW, "bad": BLOCK}),
        ("kids { pass !all }", {"none": BLOCK}),
        ("kids within day { pass !bad all } else { pass all }", {"bad": Ruled(Verdict.ALLOW, ((DAY, Verdict.BLOCK),))}),
        (
            "kids outside day { pass !bad all } else { pass all }",
            {"bad": Ruled(Verdict.ALLOW, ((DAY.outside(), Verdict.BLOCK),))},
        ),
        (
            "kids within day { pass none }\n default { pass !bad all }",  # without else, the rules of default
            {"bad": BLOCK, "none": Ruled(Verdict.ALLOW, ((DAY, Verdict.BLOCK),))},
        ),
    ],
)
def test_acls(tmp_path: Path, acl: str, expected: dict[str, Ruled]) -> None:
    found = ruled(tmp_path, acl)
    assert {name: found[name] for name in expected} == expected


def test_what_is_said(tmp_path: Path) -> None:
    conf = (
        HEAD
        + "src many {\n ip 10.9.0.1-10.9.0.2\n user alice\n iplist ips\n domain x.example\n strange 1\n}\n"
        + DESTS
        + "dest gone { domainlist gone/domains }\ndest out { domainlist ../../secret }\n"
        + "acl {\n kids { pass good !nothing all\n redirect http://x/ }\n nobody { pass all }\n"
        + " default { pass none }\n}\n"
    )
    put(tmp_path, {"secret": "secret.example\n"})
    made, report = squid(tmp_path / "in", {**FILES, "squidGuard.conf": conf, "db/ips": "10.8.0.1\nnonsense\n"})
    told = " | ".join(f"{place} {what}" for place, what in said(report).items())
    for part in (
        "people by name",
        "devices by their own names",
        "'strange' is nothing that a source has",
        "no such file",
        "leads out",
        "no destination is called 'nothing'",
        "no source is called 'nobody'",
        "own block page",
        "db/bad/urls:2 not carried over: a query",
        "whoever is in no network",
        "db/ips:2",
    ):
        assert part in told, part
    assert [c.network for c in made.clients] == ["10.0.0.0/8", "10.9.0.1", "10.9.0.2", "10.8.0.1"]
    assert [group.key for group in made.groups] == ["kids"]


def test_lists_elsewhere_are_asked_for(tmp_path: Path) -> None:
    lists = put(tmp_path / "lists", {"bad/domains": "bad.example\n"})
    conf = f"dbhome {lists}\nsrc kids {{ ip 10.0.0.1 }}\ndest bad {{ domainlist bad/domains }}\n"
    conf += "acl { kids { pass !bad all } }\n"
    put(tmp_path / "in", {"squidGuard.conf": conf})
    with pytest.raises(ImportFault, match="--dbhome"):
        squidguard.read(tmp_path / "in", Report("x"))
    made = squidguard.read(tmp_path / "in" / "squidGuard.conf", Report("x"), dbhome=lists)
    assert made.lists.lists[0].names == ["bad.example"]


def test_a_folder_of_lists(tmp_path: Path) -> None:
    made, _ = squid(
        tmp_path, {"gambling/domains": "a.example\n", "gambling/usage": "black\n", "strange/urls": "b.example/x\n"}
    )
    assert [(one.title, one.category) for one in made.lists.lists] == [("gambling", "gambling"), ("strange", "")]
    assert not made.groups


@pytest.mark.parametrize("there", ["nothing", "a folder"])
def test_nothing_to_read(tmp_path: Path, there: str) -> None:
    with pytest.raises(ImportFault):
        squidguard.read(tmp_path if there == "a folder" else tmp_path / "nowhere", Report("x"))
