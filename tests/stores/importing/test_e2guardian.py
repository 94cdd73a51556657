"""Whole installations of e2guardian, old and new, and what is said about each of their lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.stores.importing import e2guardian
from hedgerow.stores.importing.faults import ImportFault
from hedgerow.stores.importing.model import ADDRESSES, EVERYTHING, Ruled, Step, Verdict
from hedgerow.stores.importing.report import Report
from tests.stores.importing.place import e2, put, said

V5 = {
    "e2guardian.conf": """filtergroups = 2
language = 'russian-koi8-r'
authplugin = '/etc/e2guardian/authplugins/ip.conf'
loglevel = 3
sitelist = 'name=authexception,path=/etc/e2guardian/lists/auth'
""",
    "authplugins/ip.conf": "plugname = 'ip'\nipgroups = '/etc/e2guardian/lists/ipgroups'\n",
    "lists/ipgroups": "10.1.0.0/255.255.0.0 = filter1\n10.2.0.1-10.2.0.2 = filter2\nnobody = filter1\n10.3.0.1 = x\n",
    "lists/auth": "login.example\n",
    "e2guardianf1.conf": """groupname = 'pupils'
storyboard = '/etc/e2guardian/f1.story'
naughtynesslimit = 100
sslmitm = on
sitelist = 'name=banned,path=/etc/e2guardian/lists/banned'
sitelist = 'name=exception,path=/etc/e2guardian/lists/exception'
sitelist = 'name=localgrey,path=/etc/e2guardian/lists/localgrey'
fileextlist = 'name=bannedextension,path=/etc/e2guardian/lists/ext'
mimelist = 'name=bannedmime,path=/etc/e2guardian/lists/mime'
searchlist = 'name=banned,path=/etc/e2guardian/lists/search'
regexpboollist = 'name=banneduseragent,path=/etc/e2guardian/lists/agents'
sitelist = 'name=grey,path=/etc/e2guardian/lists/gone'
weightedphraselist = '/etc/e2guardian/lists/weighted'
bypass = 0
""",
    "e2guardianf2.conf": "groupname = 'teachers'\nstoryboard = '/etc/e2guardian/f2.story'\n",
    "f1.story": ".Include</etc/e2guardian/common.story>\n"
    "function(checkblanketblock)\nif(siteisip,,505) return setblock\n"
    "function(localgreycheck)\nfunction(mine)\nif(true) return setblock\n",
    "f2.story": "function(checkrequest)\nif(true) return setexception\n",
    "common.story": "function(checkrequest)\nif(true) return setgrey\n",
    "lists/banned": "**\nbad.example\n",
    "lists/exception": "good.bad.example\n",
    "lists/localgrey": "grey.example\n",
    "lists/ext": ".EXE # a program\n.tar.gz\n.jpeg\n",
    "lists/mime": "application/zip\nvideo/quicktime\nx-nothing/at-all\n",
    "lists/search": "girl+naughty\n",
    "lists/agents": "Kindle\n",
    "lists/weighted": "<casino><40>\n",
    "lists/unused": "x.example\n",
}


def test_version_5(tmp_path: Path) -> None:
    made, report = e2(tmp_path, V5)
    pupils, teachers = made.groups
    assert [one.title for one in made.lists.lists] == ["auth", "banned", "exception"]
    auth, banned, exception = (one.bit for one in made.lists.lists)
    assert pupils.steps == [
        Step(auth, Verdict.OPEN),
        Step(exception, Verdict.OPEN),
        Step(ADDRESSES, Verdict.BLOCK),
        Step(banned, Verdict.BLOCK),
    ]
    assert (pupils.title, pupils.limit, pupils.decrypted) == ("pupils", 100, True)
    assert teachers.unfiltered and teachers.steps == [Step(EVERYTHING, Verdict.OPEN)]
    assert pupils.ruled(banned) == Ruled(Verdict.BLOCK) and pupils.ruled(banned | exception) == Ruled(Verdict.OPEN)
    assert pupils.ruled(0, address=True) == Ruled(Verdict.BLOCK) and pupils.ruled(0) == Ruled(Verdict.ALLOW)
    assert [(c.group, c.network) for c in made.clients] == [
        ("f1", "10.1.0.0/16"),
        ("f2", "10.2.0.1"),
        ("f2", "10.2.0.2"),
    ]
    assert [kind for files in pupils.files for kind, _, _ in files.types] == ["exe", "jpg", "zip", "mov"]
    assert made.languages == ("ru",) and {phrase.topic for phrase in made.phrases} == {"e2-search", "e2-weighted"}
    assert report.unused == ["lists/unused"]


@pytest.mark.parametrize(
    "place, what",
    [
        ("lists/banned:1", "e2guardian 5 ignores it"),
        ("lists/ipgroups:3", "cannot be read"),
        ("lists/ipgroups:4", "cannot be read"),
        ("e2guardian.conf:4", "e2guardian's own log"),
        ("e2guardianf1.conf:14", "a way past a block"),
        ("e2guardianf1.conf:12", "no such file"),
        ("lists/agents:1", "the browser's own name"),
        ("lists/ext:2", "no file ending"),
        ("lists/mime:3", "without a kind of file"),
        ("f1.story:4", "the list 'localgrey' is not asked"),
        ("f1.story:5", "a storyboard function of your own (mine)"),
        ("f2.story:1", "no filter at all"),
        ("lists/localgrey:1", "no storyboard asks this list"),
    ],
)
def test_every_line_is_told(tmp_path: Path, place: str, what: str) -> None:
    _, report = e2(tmp_path, V5)
    rows = {f"{row.file}:{line}": row.how for row in report.rows for line in range(row.first, row.last + 1)}
    assert what in rows[place]


@pytest.mark.parametrize(
    "mode, page, unfiltered",
    [
        ("0", Ruled(Verdict.BLOCK), False),
        ("1", Ruled(Verdict.ALLOW), False),
        ("2", Ruled(Verdict.OPEN), True),
    ],
)
def test_modes_of_version_4(tmp_path: Path, mode: str, page: Ruled, unfiltered: bool) -> None:
    conf = f"groupmode = {mode}\nbannedsitelist = '/etc/dansguardian/lists/b'\n"
    made, _ = e2(tmp_path, {"e2guardianf1.conf": conf, "lists/b": "bad.example\n"})
    assert made.groups[0].ruled(0) == page and made.groups[0].unfiltered is unfiltered


def test_blankets_of_version_4(tmp_path: Path) -> None:
    files = {"e2guardianf1.conf": "bannedsitelist = 'lists/b'\n", "lists/b": "**s\n*ip\n"}
    made, report = e2(tmp_path, files)
    assert made.groups[0].ruled(0) == Ruled(Verdict.BLOCK)
    assert "http is closed as well" in said(report)["lists/b:1"]


def test_what_leads_out_is_refused(tmp_path: Path) -> None:
    secret = put(tmp_path / "other", {"secret": "secret.example\n"})
    conf = "sitelist = 'name=banned,path=/etc/e2guardian/lists/a'\nsitelist = 'name=grey,path=../other/secret'\n"
    files = {"e2guardianf1.conf": conf, "lists/a": ".Include<../../other/secret>\n.Include<link>\n.Include<a>\n"}
    (tmp_path / "in" / "lists").mkdir(parents=True)
    (tmp_path / "in" / "lists" / "link").symlink_to(secret / "secret")
    made, report = e2(tmp_path / "in", files)
    assert report.refused == 4
    assert not any("secret" in name for one in made.lists.lists for name in one.names)


def test_no_installation(tmp_path: Path) -> None:
    with pytest.raises(ImportFault, match="no e2guardian.conf"):
        e2guardian.read(tmp_path, Report("x"))


def test_debian(data: Path) -> None:
    """The configuration as Debian ships it: every line is told, none is refused."""
    report = Report("e2guardian")
    made = e2guardian.read(data / "domains" / "raw_formats" / "debian_e2guardian_etc", report)
    assert [group.limit for group in made.groups] == [50] and len(made.phrases) > 6500
    assert report.refused == 0 and report.unreadable <= 20
    assert {phrase.language for phrase in made.phrases} >= {"en", "ru", "zh", "pl"}
