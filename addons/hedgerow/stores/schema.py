"""JSON Schemas (draft 2020-12) of the policy files, made from the readers' own tables, for editors.

An editor then completes keys and underlines mistakes while a teacher types. The loader stays the judge: it also knows
what spans files (windows, inheritance, the floor).
"""

from __future__ import annotations

from collections.abc import Collection

from hedgerow.core.model import REGISTERS
from hedgerow.stores.policy_bands import DAY_KINDS, DAYS, LANGUAGES, SAFE_CHOICES, SHIPPED_KEYS, UNKNOWN
from hedgerow.stores.policy_examples import CAPTURES, KINDS
from hedgerow.stores.policy_examples import KEYS as EXAMPLE_KEYS
from hedgerow.stores.policy_helplines import KEYS as HELPLINE_KEYS
from hedgerow.stores.policy_helplines import STATUSES, TRANSLATED
from hedgerow.stores.policy_rules import ACTIONS, NO_RULE, SEVERITIES
from hedgerow.stores.site import REPORT_TOPICS
from hedgerow.stores.site_firewall import FIREWALL_KEYS, OPENING_KEYS
from hedgerow.stores.site_reader import KEYS as SITE_KEYS
from hedgerow.stores.site_reports import MAIL_KEYS, PORTS
from hedgerow.stores.word_phrases import MOST_GROUPS
from hedgerow.stores.word_sets import NAME
from hedgerow.stores.words import SCHOOL_KEYS as WORD_KEYS

Schema = dict[str, object]
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": ["string", "number"]}  # editors type plain scalars; the loader reads text
_DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
_CLOCK: Schema = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$"}
_NUMBER: Schema = {"type": ["number", "string"]}
_RULE: Schema = {"$ref": "#/$defs/rule"}


def json_schemas(categories: Collection[str] = (), topics: Collection[str] = ()) -> dict[str, Schema]:
    """Schema by file kind: band, floor, helplines, site, words. Without ``categories`` or ``topics`` any is legal."""
    return {
        "band": _file(_band(categories, topics), rule=_rule()),
        "floor": _file({"categories": _table(categories, _RULE), "sites": _map(_RULE)}, rule=_floor_rule()),
        "helplines": _file({"helplines": {"type": "array", "items": _helpline()}}),
        "site": _file(_site()),
        "words": _file(_words()),
    }


def _file(properties: Schema, **shared: Schema) -> Schema:
    """A whole file; ``shared`` are the parts it names as ``#/$defs/...``."""
    parts: Schema = {"$defs": shared} if shared else {}
    return {"$schema": _DRAFT, **_object(properties), **parts}


def _object(properties: Schema, *required: str) -> Schema:
    closed: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**closed, "required": list(required)} if required else closed


def _map(value: Schema) -> Schema:
    return {"type": "object", "additionalProperties": value}


def _table(keys: Collection[str], value: Schema) -> Schema:
    """A map with these keys, or with any when none are known."""
    return _object(dict.fromkeys(sorted(keys), value)) if keys else _map(value)


def _one_of(choices: Collection[str]) -> Schema:
    return {"enum": list(choices)}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _some(item: Schema) -> Schema:
    return {"anyOf": [item, _list(item)]}


def _rule(more: Schema | None = None, removable: bool = False) -> Schema:
    """An action, or its long form."""
    action = _one_of(ACTIONS)
    long = _object(
        {
            "action": action,
            "times": _map(action),
            "since": _DAY,
            "until": _DAY,
            "message": _TEXT,
            **(more or {}),
        },
        "action",
    )
    return {"anyOf": [_one_of((*ACTIONS, NO_RULE)) if removable else action, long]}


def _floor_rule() -> Schema:
    action = _one_of(("help", "block"))
    return {"anyOf": [action, _object({"action": action, "message": _TEXT}, "action")]}


def _band(categories: Collection[str], topics: Collection[str]) -> Schema:
    sentences = _object(dict.fromkeys(LANGUAGES, _TEXT))
    files = {"types": _some({"type": "string", "pattern": "^[a-z0-9]{1,10}$"}), "over": {"type": "string"}}
    properties: Schema = {
        "band": _TEXT,
        "title": sentences,
        "extends": _TEXT,
        "no-page": _one_of(("refuse", "allow")),
        "register": _one_of(REGISTERS),
        "languages": _list(_one_of(LANGUAGES)),
        "windows": _map(_window()),
        "categories": _table(categories, _RULE),
        "sites": _map(_rule({"words": {"enum": ["on", "off", True, False]}}, removable=True)),
        "words": _table(topics, _rule(_word_rule(), removable=True)),
        "files": _map(_rule(files, removable=True)),
        "unknown": _object(dict.fromkeys(UNKNOWN, _RULE)),
        "undecodable": _RULE,
        "safe-search": _object({key: _choices(choices) for key, choices in SAFE_CHOICES.items()}),
        "messages": sentences,
        "examples": _list(_example()),
    }
    return {key: properties[key] for key in SHIPPED_KEYS}


def _choices(choices: Collection[str]) -> Schema:
    return {"enum": [*choices, *([False] if "off" in choices else [])]}  # to an editor of YAML 1.1 ``off`` is no text


def _word_rule() -> Schema:
    alert = {"enum": [*SEVERITIES, False]}  # to an editor that knows YAML 1.1, ``off`` is no text
    actions = dict.fromkeys(("typed", "search"), _one_of(ACTIONS))
    return {"threshold": _NUMBER, **actions, "alert": alert, "alert-from": _NUMBER}


def _window() -> Schema:
    days = {"anyOf": [{"const": "all"}, _list(_one_of(DAYS))]}
    return _object({"days": days, "from": _CLOCK, "to": _CLOCK, "on": _one_of(DAY_KINDS)}, "days", "from", "to")


def _example() -> Schema:
    special = {"expect": _one_of(ACTIONS), "kind": _one_of(KINDS), "capture": _one_of(CAPTURES)}
    return _object({key: special.get(key, _TEXT) for key in EXAMPLE_KEYS}, "url", "expect")


def _place() -> Schema:
    country = {"type": "string", "pattern": "^[A-Z]{2}$"}
    return _object({"country": country, "province": _TEXT, "formerly": _some(_TEXT)})


def _helpline() -> Schema:
    special = {
        "languages": _list(_TEXT),
        "translations": _table(LANGUAGES, _object(dict.fromkeys(TRANSLATED, _TEXT))),
        "place": _place(),
        "verified": _DAY,
        "status": _one_of(STATUSES),
        "host": _some(_TEXT),
    }
    needed = ("name", "hours", "place", "source", "verified", "status")
    return _object({key: special.get(key, _TEXT) for key in HELPLINE_KEYS}, *needed)


def _site() -> Schema:
    networks = _object(
        {
            "addresses": _list(_TEXT),
            "band": _TEXT,
            "capture": _one_of(CAPTURES),
            "staff-only": {"type": "boolean"},
        },
        "addresses",
        "band",
    )
    special: Schema = {
        "languages": _list(_one_of(LANGUAGES)),
        "contact": _object(dict.fromkeys(LANGUAGES, _TEXT)),
        "networks": _map(networks),
        "hours": _object(dict.fromkeys(DAYS, {"type": "string", "pattern": r"^\d\d:\d\d-\d\d:\d\d$"})),
        "calendar": _object({"holidays": _list(_TEXT), "exam-days": _list(_TEXT)}),
        "place": _place(),
        "reports": _object(dict.fromkeys(REPORT_TOPICS, _some(_TEXT))),
        "mail": _object({**dict.fromkeys(MAIL_KEYS, _TEXT), "port": _NUMBER, "security": _one_of(tuple(PORTS))}),
        "privacy": _object(
            {
                "pseudonyms": _one_of(("day", "term")),
                "events": _one_of(("blocked", "all")),
                "detail": _one_of(("category", "host", "url")),
                "time": _one_of(("minute", "second")),
                "keep-days": _NUMBER,
                "keyholders": _map({"type": "string", "pattern": "^hedgerow1[a-z2-7]{58}$"}),
            }
        ),
        "proxy": _object({"parent": _TEXT}),
        "ports": _list(_NUMBER),
        "private": _list(_TEXT),
        "gateway": _object({"names": _list(_TEXT), "proxy": _some(_TEXT), "direct": _list(_TEXT)}),
        "firewall": _firewall(),
        "tenants": _object(
            {
                "google": _list(_TEXT),
                "microsoft": _object(
                    {"tenants": _list(_TEXT), "directory": _TEXT, "personal": _one_of(("allow", "block"))}
                ),
            }
        ),
    }
    return {key: special.get(key, _TEXT) for key in SITE_KEYS}


def _firewall() -> Schema:
    opening: Schema = {key: _some(_TEXT) for key in OPENING_KEYS}
    own: Schema = {key: opening[key] for key in OPENING_KEYS[1:]}
    special: Schema = {
        "masquerade": {"type": "boolean"},
        "exceptions": _map(_object(opening)),
        "filter": _map(_object(own, "to")),
    }
    return _object({key: special.get(key, _some(_TEXT)) for key in FIREWALL_KEYS})


def _words() -> Schema:
    counted: Schema = {"weight": _NUMBER, "most": _NUMBER}
    group: Schema = {"anyOf": [_TEXT, _list(_TEXT)]}
    groups = {"type": "array", "items": group, "minItems": 2, "maxItems": MOST_GROUPS}
    near = {"within": _NUMBER, "ordered": {"enum": [True, False, "true", "false"]}}
    typed: Schema = {"weight": _NUMBER}

    def phrase(counted: Schema) -> Schema:
        whole = _object({"text": _TEXT, **counted}, "text")
        return {"anyOf": [_TEXT, whole, _object({"all": groups, **near, **counted}, "all")]}

    special: Schema = {
        "language": _one_of(LANGUAGES),
        "must-hit": _list(_TEXT),
        "must-not-hit": _list(_TEXT),
        "must-hit-page": _list(_TEXT),
        "sets": {**_map({**_list(_TEXT), "minItems": 1}), "propertyNames": {"pattern": f"^{NAME}$"}},
        "phrases": _list(phrase(counted)),
        "typed": _list(phrase(typed)),
        "context": _list(phrase(counted)),
        "remove": _list(_TEXT),
    }
    return {key: special.get(key, _TEXT) for key in WORD_KEYS}
