"""A school with a supervisor's keeper and builder, and no workers: what tests of the record stand on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hedgerow.runtime import Sources
from hedgerow.stores.record import Record
from hedgerow.stores.record_entry import Entry
from hedgerow.stores.sealed import public_text
from hedgerow.stores.state import State, prepare
from hedgerow.supervisor_box import Box
from hedgerow.supervisor_record import Keeper
from hedgerow.supervisor_serve import Builder

ROOT = Path(__file__).parents[1]
LAN, MINH = X25519PrivateKey.generate(), X25519PrivateKey.generate()
TEXTS = [public_text(key.public_key().public_bytes_raw()) for key in (LAN, MINH)]
HOLDERS = f"\nprivacy: {{keyholders: {{Lan: {TEXTS[0]}, Minh: {TEXTS[1]}}}}}\n"


class House:
    """A school, its lists and its state; ``start`` is what a supervisor does, without workers."""

    def __init__(self, root: Path) -> None:
        self.root, self.school, self.lists = root, root / "local", root / "blocklists"
        (self.school / "bands").mkdir(parents=True)
        (root / "run").mkdir()
        (self.school / "site.yaml").write_text("school: Hoa Phượng\n")
        shutil.copytree(ROOT / "blocklists", self.lists)
        self.shipped = root / "shipped"  # of its own: nobody edits it while a test counts changes
        shutil.copytree(ROOT / "policies", self.shipped, ignore=shutil.ignore_patterns("local"))
        self.state: State = prepare(root / "state")
        self.record = Record(self.state.record)

    def start(self) -> tuple[Builder, Keeper, Box]:
        sources = Sources(self.shipped, self.school, self.lists, ROOT / "blocklists", self.root / "index")
        box = Box()
        keeper = Keeper(self.state, sources, box)
        builder = Builder(sources, self.root / "run", keeper)
        builder()
        return builder, keeper, box

    def new(self, work: Callable[[], object]) -> list[Entry]:
        """The entries that ``work`` leads to."""
        before = len(list(self.record.entries()))
        work()
        return list(self.record.entries())[before:]


Running = tuple[House, Builder, Keeper, Box]
