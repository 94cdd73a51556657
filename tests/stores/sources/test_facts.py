"""What the metrics say, also of a source that was never fetched and of a state that cannot be read."""

from __future__ import annotations

from pathlib import Path

from hedgerow.stores.sources import Downloads
from hedgerow.stores.sources.facts import ListFacts, list_facts
from hedgerow.stores.sources.meta import Meta, Refusal, Version
from tests.stores.sources.listed import source


def test_facts(tmp_path: Path) -> None:
    downloads = Downloads(tmp_path)
    fetched, damaged, never = source(), source(id="damaged"), source(id="never", required=False)
    ours = source(id="ours", urls=(), path="local/x.txt")
    version = Version("abc", 50.0, {}, {"": 7, "a": 3})
    downloads.note(fetched, Meta(fetched=100.0, current=version, refused=Refusal("empty", 120.0)))
    downloads.note(ours, Meta(fetched=50.0, current=version, refused=Refusal("nothing lies there", 120.0)))
    downloads.note(damaged, Meta())
    (tmp_path / "damaged" / "meta.json").write_text("{")
    assert list_facts((fetched, damaged, never, ours), tmp_path) == (
        ListFacts("bets", 100.0, 10, True, 86_400.0, True),
        ListFacts("damaged", refresh=86_400.0, required=True),
        ListFacts("never", refresh=86_400.0),
        ListFacts("ours", 50.0, 10, True, 86_400.0, True),
    )
