"""A snapshot is compiled whole or not at all, is the same in every process, and comes into force in one assignment."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from hedgerow.core.model import Action, Identity, Name, NameSource, Request, Where
from hedgerow.core.policy import decide
from hedgerow.core.words import Lexicon
from hedgerow.runtime import (
    Files,
    Runtime,
    Sources,
    assemble,
    compile_files,
    digest,
    for_readers,
    load,
    local_helplines,
    save,
)
from hedgerow.stores import kept_words
from hedgerow.stores.errors import PolicyError
from hedgerow.stores.kept_words import Words
from hedgerow.stores.policy_helplines import Helpline
from hedgerow.stores.site import Place, Site

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    root = tmp_path_factory.mktemp("runtime")
    school = root / "local"
    (school / "bands").mkdir(parents=True)
    shutil.copy(ROOT / "policies" / "site.example.yaml", school / "site.yaml")
    return Sources(ROOT / "policies", school, ROOT / "blocklists", ROOT / "blocklists", root / "index")


@pytest.fixture(scope="module")
def files(sources: Sources) -> Files:
    return compile_files(sources)


def test_what_a_worker_loads_decides_as_what_was_compiled(files: Files, tmp_path: Path) -> None:
    path = save(files, tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    snapshot = load(path)
    assert snapshot.version == snapshot.policy.version == files.version == path.stem
    request = Request((Name(NameSource.HOST, "www.bet365.com"),))
    now = datetime.now(snapshot.zone)
    decision = decide(request, Identity("x", "ages-8-10"), snapshot.policy, snapshot.index, now)
    assert (decision.action, decision.category, decision.policy) == (Action.BLOCK, "gambling", files.version)
    assert snapshot.lexicon.scan(["nothing here"]) == ()
    assert len(snapshot.named_rules) <= 200


def test_the_version_names_the_content_in_every_process(files: Files, sources: Sources) -> None:
    code = (
        "import sys; from pathlib import Path; from hedgerow.runtime import Sources, compile_files;"
        "print(compile_files(Sources(*map(Path, sys.argv[1:]))).version)"
    )
    folders = (sources.shipped, sources.school, sources.blocklists, sources.shipped_lists, sources.index)
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, folders)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        assert done.stdout.strip() == files.version


def test_a_changed_line_is_another_version_and_a_mistake_is_none(files: Files, sources: Sources) -> None:
    edit = sources.school / "bands" / "ages-8-10.yaml"
    try:
        edit.write_text("band: ages-8-10\nsites: {bet365.com: allow}\n")
        changed = compile_files(sources)
        assert changed.version != files.version
        edit.write_text("band: ages-8-10\nsites: {bet365.com: alow}\n")
        (sources.school / "site.yaml").write_text("school: x\ntimzone: UTC\n")
        with pytest.raises(PolicyError) as caught:
            compile_files(sources)
        told = str(caught.value)
        assert "local/bands/ages-8-10.yaml:2:21: unknown action 'alow'; did you mean 'allow'?" in told
        assert "local/site.yaml:2:1: unknown key 'timzone'" in told
    finally:
        edit.unlink()
        shutil.copy(ROOT / "policies" / "site.example.yaml", sources.school / "site.yaml")
    assert compile_files(sources).version == files.version


def test_a_reload_is_one_assignment(files: Files) -> None:
    first, second = assemble(files), assemble(replace(files, version="other"))
    runtime = Runtime(first)
    held = runtime.current
    runtime.current = second
    assert held is first and runtime.current.policy.version == "other"


def test_words_that_did_not_change_are_not_compiled_again(files: Files) -> None:
    first = assemble(files)
    lists_changed = assemble(replace(files, version="other", words=None), first)
    assert lists_changed.words is first.words
    assert files.words is not None
    fewer = files.phrases[:99]
    words = Words("fewer", fewer, Lexicon.build(fewer))
    words_changed = assemble(replace(files, words=words, words_key="fewer"), first)
    assert words_changed.lexicon is words.lexicon


def test_words_lie_beside_the_snapshots(files: Files, tmp_path: Path) -> None:
    """Once for all snapshots that share them; a worker opens them, and finds what was compiled."""
    path = save(files, tmp_path)
    again = save(replace(files, version="other"), tmp_path)
    (kept,) = tmp_path.glob("*.words")
    text = "where to buy cocaine"
    assert [score.topic for score in load(path).lexicon.scan([text], typed=True)] == ["drugs"]
    kept_words._LAST.clear()
    loaded = load(again)
    assert loaded.lexicon.scan([text], typed=True) == assemble(files).lexicon.scan([text], typed=True)
    kept.unlink()
    kept_words._LAST.clear()
    with pytest.raises(OSError, match="are gone"):
        load(path)
    assert load(path, loaded).words is loaded.words


def test_another_pickle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.snapshot"
    path.write_bytes(pickle.dumps({"not": "a snapshot"}))
    with pytest.raises(TypeError, match="holds no snapshot"):
        load(path)


def test_the_digest_does_not_see_the_order_of_sets() -> None:
    assert digest({"b": 1, "a": {3, 1, 2}}, [Action.WARN]) == digest({"a": {2, 3, 1}, "b": 1}, (Action.WARN,))
    assert digest(Where("a", 1)) != digest(Where("a", 2))
    assert digest((1, 2)) != digest((12,))


def line(name: str, number: str, country: str = "VN", province: str = "", **more: object) -> Helpline:
    return replace(Helpline(name, "vi", Where("h", 1), number, country=country, province=province), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "place, names",
    [
        (Place("VN", "Lào Cai", ("Yên Bái",)), ["province", "nation"]),
        (Place("VN", "Yên Bái"), ["province", "nation"]),
        (Place("VN", "Huế"), ["nation"]),
        (Place("KZ"), ["kz"]),
        (Place(), []),
    ],
)
def test_helplines_are_those_of_the_place_the_nearest_first(place: Place, names: list[str]) -> None:
    lines = (
        line("nation", "111"),
        line("province", "18001776", province="Lào Cai", formerly=("Yên Bái",)),
        line("kz", "111", "KZ"),
        line("elsewhere", "5", province="Hà Nội"),
    )
    assert [found.name for found in local_helplines(lines, Site(place=place))] == names


def test_a_schools_own_entry_stands_for_the_shipped_one() -> None:
    lines = (line("shipped", "111"), line("own", "111", shipped=False, status="confirmed"))
    assert [found.name for found in local_helplines(lines, Site(place=Place("VN")))] == ["own"]


def test_a_line_that_surely_answers_comes_before_one_of_unknown_hours() -> None:
    near, nation = line("province", "18001776", province="Huế"), line("nation", "111", hours="24/7")
    place = Site(place=Place("VN", "Huế"))
    assert [found.name for found in local_helplines((near, nation), place)] == ["nation", "province"]
    own = replace(near, shipped=False)  # a school knows its own
    assert [found.name for found in local_helplines((own, nation), place)] == ["province", "nation"]


def test_a_shipped_service_stays_once_for_each_language_and_a_schools_own_for_all() -> None:
    lines = (line("vi", "111"), replace(line("ru", "111"), language="ru"))
    here = Site(place=Place("VN"))
    found = for_readers(local_helplines(lines, here), "ru")
    assert [one.name for one in found] == ["ru", "vi"]
    own = line("own", "111", shipped=False)
    assert [one.name for one in local_helplines((*lines, own), here)] == ["own"]


def test_the_language_asked_for_comes_first(files: Files) -> None:
    snapshot = assemble(files)
    changed = replace(snapshot, helplines=(line("a", "1", languages=("vi",)), line("b", "2", languages=("en", "vi"))))
    assert [found.name for found in changed.helplines_for("en")] == ["b", "a"]
    assert [found.name for found in changed.helplines_for("vi")] == ["a", "b"]
