"""The label table: every codec exists, no label names two."""

from __future__ import annotations

import codecs

import pytest

from hedgerow.core.charset_labels import _LABELS, codec


@pytest.mark.parametrize("name", _LABELS)
def test_python_has_the_codec(name: str) -> None:
    assert codecs.lookup(name)._is_text_encoding


def test_no_label_twice() -> None:
    labels = [label for labels in _LABELS.values() for label in labels.split()]
    assert len(labels) == len(set(labels)) > 200
    assert all(label == label.lower().strip() for label in labels)


@pytest.mark.parametrize(
    "label, name",
    [
        ("UTF-8", "utf-8"),
        (" windows-1258 ", "cp1258"),
        ("sjis", "cp932"),
        ("tis-620", "cp874"),
        ("bogus", ""),
        ("", ""),
    ],
)
def test_codec(label: str, name: str) -> None:
    assert codec(label) == name
