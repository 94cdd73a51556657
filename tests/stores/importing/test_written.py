"""What is written, by whole small installations; ``test_planning`` asks the filter itself about it."""

from __future__ import annotations

import re
from pathlib import Path

from hedgerow.cli.common import home
from hedgerow.core.model import Where
from hedgerow.stores.importing.importer import Wishes, imported
from hedgerow.stores.importing.model import Client
from hedgerow.stores.sources import load_sources
from tests.stores.importing.place import e2, files_of, said, shipped, squid

CONF = """groupname = 'pupils'
naughtynesslimit = 100
bannedsitelist = 'lists/banned'
exceptionsitelist = 'lists/exception'
exceptionurllist = 'lists/urls'
bannedextensionlist = 'lists/ext'
weightedphraselist = 'lists/weighted'
bannedphraselist = 'lists/bannedphrases'
"""
FILES: dict[str, str | bytes] = {
    "e2guardianf1.conf": CONF,
    "lists/banned": "#time: 9 0 17 0 0\nsilly.example\nkhanacademy.org\nblogspot.com\n"
    ".Include<blacklists/gambling/domains>\n",
    "lists/blacklists/gambling/domains": "casino.example\nopen.casino.example\n203.0.113.0/24\n",
    "lists/exception": "open.casino.example\n.gov\n",
    "lists/urls": "never.example/Käse\n",
    "lists/ext": ".exe\n.mp3\n",
    "lists/weighted": "< casino ><100>\n",
    "lists/bannedphrases": "< forbidden words >\n",
}


def test_a_band_and_a_list(tmp_path: Path) -> None:
    made, report = e2(tmp_path, FILES)
    files = files_of(made, report, f1="ages-11-13")
    band = files["policies/local/bands/ages-11-13.yaml"]
    for line in (
        "band: ages-11-13",
        '  mon-0900-1700: {days: [mon], from: "09:00", to: "17:00"}',
        "  open.casino.example: {action: allow, words: off}  # lists/exception:1",
        '  "never.example/k%C3%A4se": {action: allow, words: off}  # lists/urls:1',
        "  silly.example: {action: allow, times: {mon-0900-1700: block}}  # lists/banned:2",
        "  khanacademy.org: {action: allow, times: {mon-0900-1700: block}}  "
        "# lists/banned:3; Hedgerow's own rule gives way to banned",
        "  =blogspot.com: {action: allow, times: {mon-0900-1700: block}}  # lists/banned:4",
        "  e2-weighted: {action: block, threshold: 1}  # e2guardianf1.conf:7",
        "  e2-banned: {action: block, threshold: 1}  # e2guardianf1.conf:8",
        '  imported-extension: {types: [exe, "mp3"], action: block}',
        "unknown: {page: allow, part: allow, address: allow}",
    ):
        assert line in band.splitlines(), line
    assert files["blocklists/local/gambling.txt"].splitlines()[2:] == [
        "casino.example",
        "open.casino.example",
        "203.0.113.0/24",
    ]
    told = said(report)
    assert "opens the sites of all strangers" in told["lists/exception:2"]
    assert "small letters" in told["lists/urls:1"]
    assert "others have their sites below" in told["lists/banned:4"]


def test_who_is_where(tmp_path: Path) -> None:
    made, report = e2(
        tmp_path, {"e2guardian.conf": "filtergroups = 2\n", "e2guardianf1.conf": CONF, "e2guardianf2.conf": ""}
    )
    for line, (group, network) in enumerate(
        [
            ("f1", "10.0.0.0/8"),
            ("f2", "10.1.0.0/16"),
            ("f2", "192.168.0.0/24"),
            ("f9", "192.168.9.1"),
            ("f1", "0.0.0.0/0"),
        ],
        start=1,
    ):
        made.clients.append(Client(group, network, Where("ipgroups", line)))
    site = files_of(made, report, f1="ages-11-13", f2="staff")["policies/local/site.yaml"]
    assert '      - "10.0.0.0/8"  # ipgroups:1' in site and '"192.168.0.0/24"' in site and "10.1.0.0" not in site
    assert "staff-only: true" in site and "default-band: ages-11-13" in site and "capture: names-only" in site
    told = said(report)
    assert "belong to f1 already" in told["ipgroups:2"] and "everyone" in told["ipgroups:5"]
    assert "did not become a band" in told["ipgroups:4"]


def test_the_floor_is_only_written_when_asked_for(tmp_path: Path) -> None:
    made, report = e2(tmp_path, FILES)
    written = imported(made, Wishes({}, {}, ("proxy-vpn",)), shipped(), report)
    assert str(written.files["policies/local/floor.yaml"]).splitlines()[1:] == ["categories:", "  proxy-vpn: block"]
    made, report = e2(tmp_path, FILES)
    assert "policies/local/floor.yaml" not in files_of(made, report, f1="ages-11-13")


def test_a_helpline_is_never_listed_as_malware(tmp_path: Path) -> None:
    files = {
        "e2guardianf1.conf": "bannedsitelist = 'malware/domains'\n",
        "malware/domains": "tongdai111.vn\nbad.example\n",
    }
    made, report = e2(tmp_path, files)
    assert files_of(made, report)["blocklists/local/malware.txt"].splitlines()[-1] == "bad.example"
    assert "a helpline stands" in said(report)["malware/domains:1"]


def test_a_list_that_others_made_is_pointed_out(tmp_path: Path) -> None:
    many = "".join(f"n{number}.example\n" for number in range(1_001))
    lists = {"adult/domains": many, "gambling/domains": "bets.example\n"}
    made, report = squid(tmp_path, lists)
    files_of(made, report)
    (note,) = (note for note in report.notes if "never weighed" in note)
    assert "(adult 1,001)" in note and "hedgerow lists update" in note and "gambling" not in note
    made, report = squid(tmp_path / "few", {"adult/domains": many.partition("\n")[2]})
    files_of(made, report)
    assert not any("never weighed" in note for note in report.notes)


def test_www_stays_what_the_old_list_called_so(tmp_path: Path) -> None:
    made, report = squid(tmp_path, {"adult/domains": "www.a.example\nb.example\nwww.gov.uk\n", "adult/urls": ""})
    assert files_of(made, report)["blocklists/local/adult.txt"].splitlines()[2:] == [
        "*.www.a.example",
        "b.example",
        "www.gov.uk",
    ]


def test_the_guide_s_source_is_one(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", (home() / "deploy" / "MIGRATION.md").read_text(), re.DOTALL)
    (tmp_path / "sources.yaml").write_text(example)
    (source,) = load_sources(tmp_path / "sources.yaml", categories=("adult", "gambling"))
    assert (source.path, source.trust, source.family) == ("local/blacklists", 2, "ut1")
    assert source.ours("adult") == ("adult",) and source.ours("anything") == ()
