"""``hedgerow record``: read, verify, give out."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tarfile
from pathlib import Path

import pytest

from hedgerow.stores.record import Record
from tests.cli.conftest import Run

EVIL = "x\r\n    9  2026-11-23T10:00:00Z  policy     lan: forged\x1b[2J"


@pytest.fixture
def record(school: Path) -> Record:
    for folder in ("record", "keys"):
        shutil.rmtree(school / "state" / folder, ignore_errors=True)
    record = Record(school / "state" / "record", clock=lambda: 1_764_000_000.0)
    record.append("policy", "minh", "changed local/site.yaml", "", {"file": "local/site.yaml", "diff": "-a\n+b"})
    record.append("grant", EVIL, "=cmd|'/c calc'!A1", "lesson")
    record.append("relax", "lan (root)", "relaxed for 30 minutes", "the day it all went wrong")
    return record


def test_list(hedgerow: Run, record: Record) -> None:
    code, out, _ = hedgerow("record", "list")
    assert code == 0 and len(out.splitlines()) == 3 and "\x1b" not in out
    assert out.splitlines()[0] == "    1  2025-11-24T16:00:00Z  policy     minh: changed local/site.yaml"
    assert hedgerow("record", "list", "--kind", "relax")[1].count("\n") == 1
    assert hedgerow("record", "list", "--last", "2")[1].count("\n") == 2
    assert hedgerow("record", "list", "--since", "2026-01-01") == (0, "", "no entries to show\n")
    rows = [json.loads(line) for line in hedgerow("record", "list", "--json")[1].splitlines()]
    assert [row["number"] for row in rows] == [1, 2, 3] and rows[1]["who"] == EVIL
    assert hedgerow("record", "list", "--kind", "secret")[0] == 2


def test_show(hedgerow: Run, record: Record) -> None:
    code, out, _ = hedgerow("record", "show", "1")
    assert code == 0 and out.endswith("\n  file: local/site.yaml\n  diff: -a\n    +b\n")
    assert json.loads(hedgerow("record", "show", "1", "--json")[1])["detail"]["diff"] == "-a\n+b"
    assert hedgerow("record", "show", "4") == (1, "", "there is no entry 4\n")


def test_verify(hedgerow: Run, record: Record) -> None:
    code, out, _ = hedgerow("record", "verify", "--json")
    found = json.loads(out)
    assert (code, found["whole"], found["entries"], found["by_key"], found["faults"]) == (0, True, 3, 3, [])
    head = f"3:{record.head().fingerprint}"
    assert found["fingerprint"] == record.head().fingerprint
    assert hedgerow("record", "verify", "--head", head)[:2] == (
        0,
        f"whole: 3 entries, 3 checked by key; head {head}\n",
    )
    code, out, _ = hedgerow("record", "verify", "--head", "3:1", "--head", "7:1.0e+3")
    assert code == 1 and "entry 3 is not the one noted elsewhere" in out and "entry 7, noted elsewhere" in out
    assert hedgerow("record", "verify", "--head", "three")[0] == 2


def test_verify_finds_what_was_changed(hedgerow: Run, record: Record) -> None:
    record.log.write_bytes(record.log.read_bytes().replace(b"30 minutes", b"3 minutes"))
    code, out, _ = hedgerow("record", "verify")
    assert code == 1 and "FOUND: line 3: entry 3 was changed" in out and "NOT WHOLE" in out


def test_export(hedgerow: Run, record: Record, tmp_path: Path) -> None:
    rows = list(csv.reader(io.StringIO(hedgerow("record", "export", "--csv")[1])))
    assert [row[0] for row in rows] == ["number", "1", "2", "3"]
    assert rows[2][4].startswith("'=cmd") and "\n" not in rows[2][3]
    assert len(hedgerow("record", "export")[1].splitlines()) == 3
    code, out, _ = hedgerow("record", "export", "--out", str(tmp_path / "stick"))
    assert code == 0 and "verify --folder" in out
    code, out, _ = hedgerow("record", "verify", "--folder", str(tmp_path / "stick"))
    assert code == 0 and "note: keys/record.key is not here" in out
    assert hedgerow("record", "export", "--out", str(tmp_path / "stick"))[0] == 2, "nothing is overwritten"


def test_a_copy_on_standard_output_is_the_same_copy(hedgerow: Run, record: Record, tmp_path: Path) -> None:
    code, out, _ = hedgerow("record", "export", "--out", "-")
    with tarfile.open(fileobj=io.BytesIO(out.encode())) as archive:
        assert {(file.uid, file.uname) for file in archive} == {(0, "")}
        archive.extractall(tmp_path, filter="data")
    assert code == 0
    code, out, _ = hedgerow("record", "verify", "--folder", str(tmp_path / "hedgerow-record"))
    assert code == 0 and out.endswith(f"head 3:{record.head().fingerprint}\n")


def test_without_a_record(hedgerow: Run, school: Path) -> None:
    for folder in ("record", "keys"):
        shutil.rmtree(school / "state" / folder, ignore_errors=True)
    assert hedgerow("record", "list")[2] == "no entries to show\n"
    assert hedgerow("record", "verify")[0] == 0


def test_accept(hedgerow: Run, record: Record) -> None:
    reason = ("--by", "Minh", "--reason", "a backup was put back")
    assert hedgerow("record", "accept", *reason) == (1, "", "the record is whole: there is nothing to accept\n")
    record.log.write_bytes(b"".join(record.log.read_bytes().splitlines(keepends=True)[:2]))
    code, out, _ = hedgerow("record", "accept", *reason)
    assert code == 0 and "known from now on: line 3: entries 3 to 3 are missing" in out
    assert hedgerow("record", "verify")[0] == 0
    assert "Minh (" in hedgerow("record", "list", "--kind", "record")[1]
    assert hedgerow("record", "accept")[0] == 2


def test_what_is_accepted_is_told_with_who_and_a_noted_head_finds_it_all_the_same(
    hedgerow: Run, record: Record
) -> None:
    head = f"3:{record.head().fingerprint}"
    record.log.write_bytes(b"".join(record.log.read_bytes().splitlines(keepends=True)[:2]))
    assert hedgerow("record", "accept", "--by", "Minh", "--reason", "a backup was put back")[0] == 0
    code, out, _ = hedgerow("record", "verify")
    assert code == 0 and "note: line 3: entries 3 to 3 are missing before it (accepted by Minh (" in out
    code, out, _ = hedgerow("record", "verify", "--head", head)
    assert code == 1 and "FOUND: entry 3, noted elsewhere, is not here" in out
    faults = json.loads(hedgerow("record", "verify", "--head", head, "--json")[1])["faults"]
    assert [fault["accepted"][:6] for fault in faults if fault["line"] == 3] == ["Minh ("] * 2


def test_a_noted_head_finds_what_an_entry_accepts_of_itself(hedgerow: Run, record: Record) -> None:
    """Whoever is root writes the true command's own entry, in words that fit what --head will find."""
    left = ["entry 2 is not the one noted elsewhere: the record was written anew"]
    record.append("record", "minh", "knows of 1 faults", "", {"accepted": left})
    code, out, _ = hedgerow("record", "verify", "--head", "2:1")
    assert code == 1 and f"FOUND: {left[0]} (accepted by minh on 20" in out
