"""The shipped policies as plain dict, list and str, read with the strict loader and with what bands inherit."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hedgerow.core.model import Action
from hedgerow.stores import kept_words
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.words import WordList
from hedgerow.stores.yamlfile import MapNode, Node, Scalar, SeqNode, load

ROOT = Path(__file__).parents[1]
POLICIES = ROOT / "policies"
PUPILS = ("ages-5-7", "ages-8-10", "ages-11-13", "ages-14-17")
BANDS = (*PUPILS, "staff")
LANGUAGES = ("en", "fa", "kk", "ru", "vi")
CATEGORIES = frozenset(
    "illegal adult gambling drugs alcohol-tobacco weapons violence-gore hate-extremism self-harm eating-disorders "
    "dating social messaging games video music ai-chat proxy-vpn doh malware phishing piracy misinformation shopping "
    "ads-trackers file-sharing shorteners translators-caches user-content search news education health-education "
    "banking-government updates page-parts".split()
)
TOPICS = frozenset(
    "adult gambling drugs violence weapons hate bullying self-harm eating-disorders grooming extremism avoidance "
    "strong-language cheating help-seeking".split()
)


def plain(node: Node) -> object:
    """Nodes as dict, list and str: the words of the file and nothing else."""
    if isinstance(node, MapNode):
        return {key.value: plain(value) for key, value in node}
    if isinstance(node, SeqNode):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.value


def read(path: Path) -> dict[str, object]:
    mistakes = Mistakes()
    root = plain(load(path, path.name, mistakes))
    mistakes.raise_if_any()
    assert isinstance(root, dict)
    return root


def part(band: dict[str, object], key: str) -> dict[str, object]:
    value = band.get(key, {})
    assert isinstance(value, dict)
    return value


def action(rule: object) -> Action:
    name = rule["action"] if isinstance(rule, dict) else rule
    return Action[str(name).upper()]


def times(rule: object) -> dict[str, str]:
    return rule.get("times", {}) if isinstance(rule, dict) else {}


@cache
def word_lists() -> tuple[WordList, ...]:
    """The word lists as a gateway keeps them read: to read them anew takes five seconds. Raises PolicyError."""
    return kept_words._read(POLICIES / "words", [kept_words.environment()]).lists


@cache
def resolved(name: str, key: str) -> dict[str, object]:
    """One part of a band with what it inherits."""
    band = read(POLICIES / "bands" / f"{name}.yaml")
    below = resolved(str(band["extends"]), key) if "extends" in band else {}
    return below | part(band, key)


def examples(name: str) -> list[dict[str, str]]:
    found = read(POLICIES / "bands" / f"{name}.yaml")["examples"]
    assert isinstance(found, list)
    return found


def helplines(language: str) -> list[dict[str, object]]:
    found = read(POLICIES / "helplines" / f"{language}.yaml")["helplines"]
    assert isinstance(found, list)
    return found


def protected(line: dict[str, object]) -> list[str]:
    host = line.get("host", [])
    return [host] if isinstance(host, str) else list(map(str, host)) if isinstance(host, list) else []
