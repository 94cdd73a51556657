"""The one loader: what it refuses and where, that it never raises, and that ruamel.yaml reads the same file."""

from __future__ import annotations

import io
import pickle
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from hedgerow.stores.yamlfile import MAX_BYTES, MapNode, Mistakes, Node, Scalar, SeqNode, load, parse

Plain = str | list["Plain"] | dict[str, "Plain"]


def plain(node: Node) -> Plain:
    """A node without its places."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, SeqNode):
        return [plain(item) for item in node.items]
    assert isinstance(node, MapNode)
    return {key.value: plain(value) for key, value in node}


def read(text: str | bytes) -> tuple[Plain, list[str]]:
    mistakes = Mistakes()
    root = parse(text.encode() if isinstance(text, str) else text, "f.yaml", mistakes)
    return plain(root), [str(mistake) for mistake in mistakes.found]


@pytest.mark.parametrize(
    "text, meaning",
    [
        ("", {}),
        ("# only a comment\n", {}),
        ("---\na: b\n", {"a": "b"}),
        ("a: 13:30\n", {"a": "13:30"}),  # PyYAML alone: 810
        ("a: 010\n", {"a": "010"}),  # PyYAML alone: 8
        ("a: 0800111\n", {"a": "0800111"}),  # ruamel alone: 800111
        ("a: yes\nb: no\nc: ~\nd: null\n", {"a": "yes", "b": "no", "c": "~", "d": "null"}),
        ("a: 2026-11-23\n", {"a": "2026-11-23"}),
        ("a:\n", {"a": ""}),
        ("a: 'it''s'\nb: \"x\\ny\"\n", {"a": "it's", "b": "x\ny"}),
        ("a: |\n  one\n  two\nb: >\n  three\n  four\n", {"a": "one\ntwo\n", "b": "three four\n"}),
        ("a: [b, {c: d}]\n", {"a": ["b", {"c": "d"}]}),
        ("a:\n- b\n-\n  - c\n", {"a": ["b", ["c"]]}),
        ("=github.io: allow\n", {"=github.io": "allow"}),
        ("a: b\r\nc: d\r\n", {"a": "b", "c": "d"}),
        ("тест: мир\nfa: می‌خواهم\n", {"тест": "мир", "fa": "می‌خواهم"}),  # a legal ZWNJ
        ('"<<": a\n', {"<<": "a"}),  # quoted it is only text
        ("a: b # comment\n", {"a": "b"}),
        ("a: b#c\n", {"a": "b#c"}),
    ],
)
def test_reads(text: str, meaning: Plain) -> None:
    assert read(text) == (meaning, [])


@pytest.mark.parametrize(
    "text, mistakes",
    [
        ("a:\n  b: 1\n  b: 2\n", ["f.yaml:3:3: 'b' stands here twice; first in line 2"]),
        ("a: b\ta: c\n", ["f.yaml:1:5: a tab; indent and align with spaces"]),
        ("a: b\r\nc:\td\r\n", ["f.yaml:2:3: a tab; indent and align with spaces"]),
        ("a: \u0085\n", ["f.yaml:1:4: a character that is not text (U+0085)"]),
        ("a: \ufeffb\n", ["f.yaml:1:4: a character that is not text (U+FEFF)"]),
        ("a: \x1b[31m\n", ["f.yaml:1:4: a character that is not text (U+001B)"]),
        ('a: "\\uD800"\n', ["f.yaml:1:4: writes a character that is not text (U+D800) as an escape"]),
        ("a: &b c\n", ["f.yaml:1:4: an anchor (&b); write the value out each time"]),
        ("a: !x c\n", ["f.yaml:1:4: a tag (!x); values have the type their key needs"]),
        ("a: ! c\n", ["f.yaml:1:4: a tag (!); values have the type their key needs"]),
        ("%TAG ! x:\n---\na: b\n", ["f.yaml:1:1: directives (%YAML, %TAG) are not used here"]),
        ("a: b\n...\n---\nc: d\n", ["f.yaml:3:1: a second document; one file holds one"]),
        ("a: [" * 20, ["f.yaml:1:4: nested deeper than 12 levels"]),
        ("? {a: b}\n: c\n", ["f.yaml:1:3: a key must be text"]),
        ("? \n: c\n", ["f.yaml:1:2: a key is missing before ':'"]),
        ("a: {b, c: d}\n", ["f.yaml:1:5: 'b' has no value; in {...} write 'key: value'"]),
        ("[a]\n", ["f.yaml:1:1: the file must consist of 'key: value' lines"]),
        ("''\n", ["f.yaml:1:1: the file must consist of 'key: value' lines"]),
        (b"ok: yes\na: \xff\n", ["f.yaml:2:4: is not UTF-8: byte 0xff"]),
        (b"#" * (MAX_BYTES + 1), [f"f.yaml: is larger than {MAX_BYTES} bytes"]),
        ("a: [" + "b," * 100_001 + "]\n", ["f.yaml:1:199999: more than 100000 entries in one file"]),
    ],
)
def test_refuses(text: str | bytes, mistakes: list[str]) -> None:
    told = read(text)[1]
    if "nested" in mistakes[0]:
        told, mistakes = [line.split(": ", 1)[1] for line in told], [mistakes[0].split(": ", 1)[1]]
    assert told == mistakes


def test_a_mistake_in_one_key_leaves_the_rest_readable() -> None:
    assert read("a: 1\na: 2\nb: 3\n") == ({"a": "1", "b": "3"}, ["f.yaml:2:1: 'a' stands here twice; first in line 1"])


def test_a_missing_file_is_a_mistake(tmp_path: Path) -> None:
    mistakes = Mistakes()
    assert load(tmp_path / "no.yaml", "no.yaml", mistakes).entries == ()
    assert [str(m) for m in mistakes.found] == ["no.yaml: cannot be read: No such file or directory"]


def test_a_file_at_the_limits_is_read_quickly() -> None:
    text = "a: [" + "b," * 90_000 + "]\n"
    start = time.process_time()
    assert read(text)[1] == []
    assert time.process_time() - start < 30


def test_nodes_can_be_pickled() -> None:
    root = parse(b"a: [b]\n", "f.yaml", Mistakes())
    assert plain(pickle.loads(pickle.dumps(root))) == {"a": ["b"]}


HOSTILE = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text(alphabet="ab:-?[]{},#&*!|>'\"%@`<=\\ \n\r\tUux0", max_size=120).map(str.encode),
)


@settings(max_examples=400, deadline=None)
@given(HOSTILE)
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    mistakes = Mistakes()
    root = parse(raw, "f.yaml", mistakes)
    assert isinstance(root, MapNode)
    assert all(m.line >= 0 and m.column >= 0 for m in mistakes.found)


TEXTS = st.one_of(
    st.sampled_from(
        ("13:30", "010", "0800111", "yes", "no", "~", "null", "1e3", "0x1F", ".inf", "2026-11-23", "<<", "")
    ),
    st.text(
        alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn", "Co")), max_size=20
    ),
    st.text(alphabet="ab \n#:-'\"[]{},&*!|>%@`", max_size=12),
).filter(lambda text: "\ufeff" not in text)
VALUES = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS.filter(bool), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(TEXTS.filter(bool), VALUES, min_size=1, max_size=5))
def test_what_ruamel_writes_we_read_as_it_was_meant(meaning: dict[str, Plain]) -> None:
    """Every text goes out quoted by ruamel where it must be, and comes back as the same text."""
    out = io.StringIO()
    YAML().dump(meaning, out)
    assert read(out.getvalue()) == (meaning, [])


def _texts(value: object) -> object:
    """ruamel's reading, its typing undone: only what is text for both can be compared as text."""
    if isinstance(value, Mapping):
        return {str(key): _texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    return str(value)


POLICIES = Path(__file__).parents[2] / "policies"


def _shipped() -> Iterator[object]:
    """Every file; of the word lists, long and all alike, another language of each topic in the ordinary run."""
    topics: dict[str, list[Path]] = {}
    for path in sorted((POLICIES / "words").glob("*.yaml")):
        topics.setdefault(path.name.partition(".")[0], []).append(path)
    ordinary = {paths[number % len(paths)] for number, paths in enumerate(topics.values())}
    for path in sorted(POLICIES.glob("**/*.yaml")):
        marks = (pytest.mark.long,) if path.parent.name == "words" and path not in ordinary else ()
        yield pytest.param(path, id=path.name, marks=marks)


@pytest.mark.parametrize("path", list(_shipped()))
def test_an_edit_by_ruamel_keeps_every_shipped_file_as_it_is(path: Path) -> None:
    """What ruamel reads and writes back means the same to us; comments stay too."""
    ruamel, out = YAML(), io.StringIO()
    ruamel.preserve_quotes = True
    ruamel.width = 10_000
    ruamel.dump(ruamel.load(path.read_text(encoding="utf-8")), out)
    before, after = read(path.read_bytes()), read(out.getvalue())
    assert after == before
    assert before[1] == []
    comments = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert comments == [line.strip() for line in out.getvalue().splitlines() if line.startswith("#")]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab: \n-[]{},'\"#|>0", max_size=60))
def test_what_we_accept_ruamel_accepts_and_writes_back(text: str) -> None:
    meaning, mistakes = read(text)
    if mistakes or not meaning:
        return
    ruamel, out = YAML(), io.StringIO()
    ruamel.preserve_quotes = True
    ruamel.width = 10_000
    ruamel.dump(ruamel.load(text), out)
    assert read(out.getvalue()) == (meaning, [])
