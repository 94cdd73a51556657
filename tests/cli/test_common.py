"""Where things lie, and what a command does where it may not write."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from hedgerow.cli.common import (
    STANDARD,
    Failure,
    Place,
    acting,
    found,
    home,
    index_folder,
    or_standard,
    print_json,
    print_lines,
    writable,
)
from hedgerow.stores.state import prepare


def test_shipped_files_lie_in_the_checkout_or_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert (home() / "policies" / "bands").is_dir()
    monkeypatch.setenv("HEDGEROW_HOME", str(tmp_path))
    assert home() == tmp_path


def test_a_folder_here_comes_before_the_checkouts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert found("policies") == home() / "policies"
    (tmp_path / "policies").mkdir()
    assert found("policies") == Path("policies")


def test_an_installed_one_looks_into_no_folder_it_happens_to_stand_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "here" / "state").mkdir(parents=True)
    (tmp_path / "var").mkdir()
    (tmp_path / "installed").mkdir()
    (tmp_path / "installed" / "state").symlink_to(tmp_path / "var")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("HEDGEROW_HOME", str(tmp_path / "installed"))
    assert found("state") == tmp_path / "var"


def test_the_state_folder_is_private_from_its_first_file_on(tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert index_folder(state) == state / "index"
    assert state.stat().st_mode & 0o777 == 0o700


def test_without_a_state_folder_of_ours_lists_are_built_elsewhere(tmp_path: Path) -> None:
    assert "hedgerow-index-" in index_folder(tmp_path / "no" / "such" / "state").name


@pytest.mark.parametrize("missing", ["policies", "blocklists"])
def test_a_missing_folder_is_told(tmp_path: Path, missing: str) -> None:
    folders = {name: tmp_path / name for name in ("policies", "blocklists")}
    for name, folder in folders.items():
        if name != missing:
            folder.mkdir()
    with pytest.raises(Failure, match=f"{missing}: no such folder"):
        _ = Place(folders["policies"], folders["blocklists"], tmp_path / "state").sources


def test_who_acts_is_told_by_the_system_and_not_by_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "LOGNAME", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "lan")
    monkeypatch.delenv("SUDO_USER", raising=False)
    account = pwd.getpwuid(os.getuid()).pw_name
    assert acting().endswith(account) and "lan" not in acting()
    assert acting("Cô Lan").startswith("Cô Lan (") and account in acting("Cô Lan")


def test_nothing_a_terminal_obeys_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    print_lines(["a\r\nforged\x1b[31m"])
    print_json({"host": "a\x9b31m\u202e\u2028"})
    shown = capsys.readouterr().out
    assert shown == 'a\\x0d\\x0aforged\\x1b[31m\n{"host": "a\\u009b31m\\u202e\\u2028"}\n'


def test_a_temporary_folder_that_others_may_write_to_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    folder = tmp_path / f"hedgerow-index-{os.geteuid()}"
    folder.mkdir(mode=0o755)
    assert index_folder(tmp_path / "no" / "such" / "state") == folder
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o777)
    with pytest.raises(Failure, match="others may write there"):
        index_folder(tmp_path / "no" / "such" / "state")


def test_a_place_where_this_account_may_not_write_is_told_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The installed command is another account's than its caller's; tests/install tries it for real."""
    out = tmp_path / "not there yet" / "sheet.pdf"
    assert writable(None, None, out) == or_standard(None, None, out) == out
    assert (writable(None, None, None), writable(None, None, STANDARD)) == (None, STANDARD)
    assert or_standard(None, None, STANDARD) is None
    monkeypatch.setattr("os.access", lambda folder, mode, effective_ids: folder != tmp_path)
    with pytest.raises(Failure, match=f"may not write there. Your own shell may: --out - > {out}$"):
        writable(None, None, out)


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user: needs root")
def test_root_reading_as_the_owner_finds_the_owners_lists() -> None:
    """Taken for a stranger, root would leave the downloaded lists out of the name server's zones."""
    with tempfile.TemporaryDirectory(prefix="hedgerow-owned-") as name:
        state = Path(name) / "state"
        prepare(state)
        for folder in (Path(name), state, *state.rglob("*")):
            os.chown(folder, 65534, 65534)
        without = f"setpriv --bounding-set=-dac_override --inh-caps=-dac_override {sys.executable} -c".split()
        script = "import sys; from pathlib import Path; from hedgerow.cli.common import index_folder\n"
        script += "from hedgerow.stores.owner import as_owner\nroot = Path(sys.argv[1])\n"
        script += "with as_owner(root): print(index_folder(root))"
        done = subprocess.run([*without, script, str(state)], capture_output=True, text=True)
        assert (done.stdout, done.stderr) == (f"{state / 'index'}\n", "")
