"""The three bands of ``policies_broken/base`` with a school's files over them: what tests of policies load."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hedgerow.core.model import NoDecrypt
from hedgerow.stores.policies import LoadedPolicy, load_policy
from hedgerow.stores.yamlfile import MapNode, Mistakes, Node, parse

BASE = Path(__file__).parent.parent / "policies_broken" / "base"
CATEGORIES = ("adult", "gambling", "games", "illegal", "malware", "phishing", "search", "social")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("UTC"))  # a Monday


def school(folder: Path, **files: str) -> Path:
    """A school's folder: ``garden``, ``meadow``, ``staff`` are bands, ``site`` and ``floor`` themselves."""
    for name, text in files.items():
        path = folder / (f"{name}.yaml" if name in ("site", "floor") else f"bands/{name}.yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def loaded(folder: Path, no_decrypt: dict[str, NoDecrypt] | None = None, **files: str) -> LoadedPolicy:
    return load_policy(BASE, school(folder, **files), CATEGORIES, no_decrypt)


def node(text: str) -> tuple[Node, Mistakes]:
    """The value of ``v: text``, and where its mistakes go."""
    mistakes = Mistakes()
    found = parse(f"v: {text}\n".encode(), "f.yaml", mistakes).get("v")
    assert found is not None
    return found, mistakes


def root(text: str) -> tuple[MapNode, Mistakes]:
    mistakes = Mistakes()
    return parse(text.encode(), "f.yaml", mistakes), mistakes


def told(mistakes: Mistakes) -> list[str]:
    return [mistake.message for mistake in mistakes.found]
