"""Schools by swot's tree of files, and by its JSON."""

from __future__ import annotations

from tests.stores.formats.reading import read, read_tree, told


def test_a_file_is_a_name() -> None:
    files = {
        "swot-1/README.md": b"",
        "swot-1/lib/domains/vn/edu/hust.txt": b"Hanoi University of Science and Technology\n",
        "swot-1/lib/domains/de/tum.txt": b"TU M\xfcnchen",
        "swot-1/lib/domains/bad..txt": b"",
        "swot-1/lib/domains/x/-.txt": b"",
        "swot-1/lib/domains/tlds.txt": b"ac.uk\n",
        "swot-1/lib/domains/stoplist.txt": b"# not these\nalumni.a.example\n",
        "swot-1/lib/domains/abused.txt": b"b.example\n",
    }
    assert sorted(told(row) for row in read_tree("swot", files)) == [
        "*.ac.uk",
        "-.x",
        "@@alumni.a.example",
        "@@b.example",
        "hust.edu.vn",
        "tum.de",
    ]


def test_one_object() -> None:
    rows = read("swot", '{"hust.edu.vn": ["Hanoi University"],\n "b..x": [], "MIT.edu": [{"x": []}]}')
    assert [(row.line, told(row)[:10]) for row in rows] == [(1, "hust.edu.v"), (2, "! 'b..x': "), (2, "mit.edu")]
