"""Rule sets of sing-box in JSON: ``domain``, ``domain_suffix``, ``ip_cidr`` of rules that ask for nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import IO

from hedgerow.stores.formats.jsontext import Json, JsonText, read_text
from hedgerow.stores.formats.lines import per_file, read_line
from hedgerow.stores.formats.model import Found, Options, Row, Scope, Skipped
from hedgerow.stores.formats.names import host_of, parse_network

_USABLE = ("domain", "domain_suffix", "ip_cidr")
_PATTERNS = ("domain_keyword", "domain_regex")


def rows(file: IO[bytes], options: Options) -> Iterator[Row]:
    document = JsonText(read_text(file))
    for place, rule, _ in document.items(("rules",)):
        line = document.line_at(place)
        if not isinstance(rule, dict):
            yield Skipped(line, "is no rule")
        elif more := sorted(key for key in rule if key not in (*_USABLE, *_PATTERNS, "type")):
            yield Skipped(line, f"a rule with {more[0][:40]!r} is about more than names", unusable=True)
        else:
            yield from _rule(document, place, rule)


def _rule(document: JsonText, place: int, rule: dict[str, Json]) -> Iterator[Row]:
    for key, values in rule.items():
        for word in values if isinstance(values, list) else [values]:
            if key == "type":
                continue
            if not isinstance(word, str):
                yield Skipped(document.line_at(place), "is no text")
                continue
            place = document.place_of(word, place)
            line = document.line_at(place)
            if key in _PATTERNS:
                yield Skipped(line, "a pattern, not a name", unusable=True)
            else:
                yield from read_line(partial(_value, key), line, word)


def _value(key: str, line: int, text: str) -> Iterator[Found]:
    if key == "ip_cidr":
        yield Found(line, parse_network(text))
    else:
        yield Found(line, host_of(text.removeprefix(".")), "", Scope.EXACT if key == "domain" else Scope.USUAL)


SING_BOX = per_file(rows)
