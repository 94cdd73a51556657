"""One file of sentences read and held against the English one: every mistake with file, line and column.

A mistake is: a key that English does not have, or lacks here; a register English has, or a plural form the language
needs (CLDR), that is not there; a placeholder too many or too few; a sentence that is only the English one again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from hedgerow.core.model import REGISTERS
from hedgerow.stores import readers
from hedgerow.stores.plurals import PLURALS, needed_forms
from hedgerow.stores.yamlfile import MapNode, Node, Scalar

Forms = Mapping[str, Mapping[str, str]]
"""Key -> form -> sentence. The form is a register, a plural form, or "" for a sentence said to everyone."""

SAME = "same-as-english"
_KEYS = ("language", "texts", SAME)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def checked(root: MapNode, english: Forms | None, language: str, complete: bool = True) -> Forms:
    """The file's sentences; mistakes are noted at their places.

    ``english`` is None for the shipped English file itself; ``complete`` is False for a school's own file.
    """
    root.known(*_KEYS, *(("direction",) if complete else ()))  # a language's direction is not a choice
    node = root.need("texts")
    if not isinstance(node, MapNode):
        return {}
    forms = {key.value: dict(_forms(value)) for key, value in node}
    against = forms if english is None else english
    node.known(*against)
    for key, value in node:
        if key.value in against:
            _check_forms(key.value, value, against[key.value], language, complete)
    if english is not None and language != "en":
        _check_translated(root, node, english)
    for missing in against.keys() - forms.keys() if complete else ():
        node.mistake(f"{missing!r} is missing")
    return forms


def merged(base: Forms, over: Forms) -> Forms:
    """A school's one sentence replaces all forms of a key; its sentence for a register replaces that one only."""
    return {**base, **{key: form if "" in form else {**base.get(key, {}), **form} for key, form in over.items()}}


def is_plural(form: Mapping[str, str]) -> bool:
    """Do these forms go by number?"""
    return any(name in PLURALS for name in form)


def spread(form: Mapping[str, str]) -> Mapping[str, str]:
    """Every register its sentence: one that is not written speaks as the next older one, ``staff`` as ``older``."""
    if is_plural(form):
        return form
    older = form.get("older") or form.get("", "")
    middle = form.get("middle") or older
    return {"young": form.get("young") or middle, "middle": middle, "older": older, "staff": form.get("staff") or older}


def main_form(form: Mapping[str, str]) -> str:
    """The sentence for whoever does not ask for a form: the older pupils', or the plural's most general one."""
    return form.get("") or form.get("older") or form.get("other") or form.get("many") or next(iter(form.values()), "")


def _forms(value: Node) -> Iterator[tuple[str, str]]:
    if isinstance(value, MapNode):
        yield from ((name.value, readers.text(text)) for name, text in value)
    else:
        yield "", readers.text(value)


def _check_forms(key: str, value: Node, english: Mapping[str, str], language: str, complete: bool) -> None:
    plural = is_plural(english)
    if isinstance(value, MapNode):
        value.known(*(PLURALS if plural else REGISTERS))
        texts = [(name.value, text) for name, text in value]
    else:
        texts = [("", value)]
        complete = complete or plural  # one sentence for every number fits only where the language has one form
    given = {name or ("other" if plural else "older") for name, _ in texts}
    for name in sorted(_needed(english, language) - given) if complete else ():
        value.mistake(f"{key!r} lacks the {'plural form' if plural else 'register'} {name!r}")
    for name, text in texts:
        _check_placeholders(key, text, english.get(name) or main_form(english))


def _needed(english: Mapping[str, str], language: str) -> frozenset[str]:
    return needed_forms(language) if is_plural(english) else frozenset(english) - {""} | {"older"}


def _check_placeholders(key: str, text: Node, english: str) -> None:
    given = set(_PLACEHOLDER.findall(text.value)) if isinstance(text, Scalar) else set()
    wanted = set(_PLACEHOLDER.findall(english))
    for name in sorted(wanted - given):
        text.mistake(f"{key!r} lacks the placeholder {{{name}}}")
    for name in sorted(given - wanted):
        text.mistake(f"{key!r} has a placeholder {{{name}}} that nothing fills")


def _check_translated(root: MapNode, texts: MapNode, english: Forms) -> None:
    """Nothing may be only the English sentence again, but for what the file lists as a name."""
    node = root.get(SAME)
    listed = [(item, readers.text(item)) for item in readers.items(node)] if node else []
    for item, key in listed:
        if key not in english:
            item.mistake(f"{SAME}: there is no sentence {key!r}")
    excused = {key for _, key in listed}
    for key_node, value in texts:
        key = key_node.value
        for text in (text for _, text in value) if isinstance(value, MapNode) else (value,):
            if key not in excused and isinstance(text, Scalar) and text.value in english.get(key, {}).values():
                text.mistake(f"{key!r} is only the English sentence; a name that stays so goes to {SAME!r}")
