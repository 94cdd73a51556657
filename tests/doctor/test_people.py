"""What people did not write or do."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from hedgerow.stores.sources.meta import Meta, Refusal, Version, write_meta
from tests.doctor.faults import SITE, found, makes, patient

MISSING = {
    "no-networks": 'school: "X"\n',
    "no-recipient": SITE.replace('help: ["desk:Mrs Lan"], ', ""),
    "nobody-hears": SITE.replace('"https://hooks.example/filter"', '"desk:IT"'),
    "time-zone": SITE.replace("timezone: Asia/Ho_Chi_Minh\n", ""),
    "mail-failing": SITE.replace('"desk:Mrs Lan"], hurt', '"mailto:lan@school.example"], hurt'),
    "helplines-unconfirmed": SITE,
    "lists-missing": SITE,
}


@pytest.mark.parametrize("name, site", [pytest.param(name, site, marks=makes(name)) for name, site in MISSING.items()])
def test_what_is_not_written_is_found(tmp_path: Path, name: str, site: str) -> None:
    assert found(patient(tmp_path, site), name) != []


@pytest.mark.parametrize("name", ["no-networks", "no-recipient", "nobody-hears", "time-zone", "mail-failing"])
def test_and_what_is_written_is_not(tmp_path: Path, name: str) -> None:
    assert found(patient(tmp_path), name) == []


def test_a_machine_in_another_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Lima")
    time.tzset()
    try:
        assert "another zone" in found(patient(tmp_path), "time-zone")[0]
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()


def test_a_password_file_that_is_gone(tmp_path: Path) -> None:
    mail = 'mail: {server: mail.school.example, from: "f@school.example", user: f, password-file: /nowhere/secret}\n'
    site = SITE.replace('help: ["desk:Mrs Lan"]', 'help: ["mailto:lan@school.example"]') + mail
    assert "/nowhere/secret is not there" in found(patient(tmp_path, site), "mail-failing")[0]


def test_a_report_store_that_cannot_be_read(tmp_path: Path) -> None:
    one = patient(tmp_path)
    one.state.reports.write_bytes(b"no database, but a text\n" * 500)
    assert "cannot be read" in found(one, "mail-failing")[0]


@makes("lists-old", "lists-refused")
def test_a_list_that_is_old_or_refused(tmp_path: Path) -> None:
    one = patient(tmp_path)
    assert one.files is not None
    source = next(one for one in one.files.list_sources if one.required)
    folder = one.state.lists / source.id
    folder.mkdir()
    held = Version("0123456789ab", time.time() - 90 * 86_400)
    write_meta(folder, Meta(held.taken, held, refused=Refusal("an error page", time.time())))
    assert f"{source.id}: not confirmed for 90 days" in found(one, "lists-old")
    assert found(one, "lists-refused") == [f"{source.id}: the old one stays in force"]
