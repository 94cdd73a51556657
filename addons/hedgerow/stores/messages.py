"""The sentences of our pages, per language: the shipped ones with a school's own laid over them.

``messages/<language>.yaml``::

    language: en
    direction: ltr
    same-as-english: [some.name]     # not in English: keys whose text may be the English one (names, addresses)
    texts:
      help.go: "Go on to the page"                      # one sentence for everyone, or
      block.title: {young: "...", middle: "...", older: "...", staff: "..."}      # one for each register, or
      report.count: {one: "{n} report", other: "{n} reports"}                     # one for each plural form (CLDR)

A register a file leaves out speaks as the next older one (``staff`` as ``older``). ``stores.message_check`` says what
is a mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from hedgerow.stores import readers
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.message_check import Forms, checked, main_form, merged, spread
from hedgerow.stores.plurals import plural_form
from hedgerow.stores.yamlfile import load

LANGUAGES = ("vi", "en", "fa", "kk", "ru")


@dataclass(frozen=True, slots=True)
class Texts:
    """One language's sentences and its writing direction ("ltr" or "rtl").

    ``texts`` has each sentence as the register ``older`` says it; ``forms`` has the keys that come in several forms.
    """

    language: str
    direction: str
    texts: Mapping[str, str]
    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __getitem__(self, key: str) -> str:
        return self.texts[key]

    def get(self, key: str, register: str = "older", n: int | None = None) -> str:
        """The sentence for this register; with ``n``, its plural form with ``{n}`` filled in. KeyError: no such key."""
        form = self.forms.get(key)
        if n is None:
            return self.texts[key] if form is None else form.get(register) or self.texts[key]
        text = self.texts[key] if form is None else form.get(plural_form(self.language, n)) or self.texts[key]
        return text.replace("{n}", str(n))


Messages = Mapping[str, Texts]


def load_messages(shipped: Path, school: Path | None = None) -> Messages:
    """All languages, the school's sentences over the shipped ones.

    ``shipped`` and ``school`` are folders with ``<language>.yaml``; the school's may be missing.
    Raises PolicyError naming every mistake with file:line:column.
    """
    mistakes = Mistakes()
    english = checked(load(shipped / "en.yaml", "messages/en.yaml", mistakes), None, "en")
    made = {language: _language(shipped, school, language, english, mistakes) for language in LANGUAGES}
    mistakes.raise_if_any()
    return made


@cache
def shipped_messages() -> Messages:
    """The shipped sentences alone: what fault pages are made from, whatever the school's files say."""
    return load_messages(shipped_folder())


def shipped_folder() -> Path:
    """``policies/messages`` of the checkout, or the copy inside the installed package."""
    here = Path(__file__).resolve()
    inside = here.parents[1] / "shipped" / "policies" / "messages"
    return inside if inside.is_dir() else here.parents[3] / "policies" / "messages"


def _language(shipped: Path, school: Path | None, language: str, english: Forms, mistakes: Mistakes) -> Texts:
    root = load(shipped / f"{language}.yaml", f"messages/{language}.yaml", Mistakes() if language == "en" else mistakes)
    forms = english if language == "en" else checked(root, english, language)
    own = school / f"{language}.yaml" if school is not None else None
    if own is not None and own.exists():
        over = load(own, f"local/messages/{language}.yaml", mistakes)
        forms = merged(forms, checked(over, english, language, complete=False))
    node = root.get("direction")
    direction = readers.choice(node, "direction", ("ltr", "rtl")) if node else "ltr"
    several = {key: spread(form) for key, form in forms.items() if "" not in form or len(form) > 1}
    return Texts(language, direction, {key: main_form(form) for key, form in forms.items()}, several)
