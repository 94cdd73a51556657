"""The sentences of our pages, per language: the shipped ones with a school's own laid over them.

``messages/<language>.yaml``::

    language: en
    direction: ltr
    same-as-english: [some.name]     # not in English: keys whose text may be the English one (names, addresses)
    texts:
      help.go: "Go on to the page"                      # one sentence for everyone, or
      block.title: {young: "...", middle: "...", older: "...", staff: "..."}      # one for each register, or
      minutes: {one: "{n} minute", other: "{n} minutes"}                          # one for each plural form (CLDR)

A register a file leaves out speaks as the next older one (``staff`` as ``older``). ``stores.message_check`` says what
is a mistake. Beside them lie ``ideas/<language>.yaml`` (``stores.ideas``) and ``fact-checks.yaml``
(``stores.fact_checks``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from hedgerow.stores import readers
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.fact_checks import FactCheck, fitting, laid_over, read_fact_checks
from hedgerow.stores.ideas import Idea, Ideas, read_ideas
from hedgerow.stores.message_check import checked, main_form, merged, spread
from hedgerow.stores.plurals import plural_form
from hedgerow.stores.yamlfile import MapNode, load

LANGUAGES = ("vi", "en", "fa", "kk", "ru")
_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@dataclass(frozen=True, slots=True)
class Texts:
    """One language's sentences and its writing direction ("ltr" or "rtl").

    ``texts`` has each sentence as the register ``older`` says it; ``forms`` has the keys that come in several forms.
    """

    language: str
    direction: str
    texts: Mapping[str, str]
    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ideas: Ideas = field(default_factory=dict)  # by category or topic of words
    facts: tuple[FactCheck, ...] = ()  # of all languages and countries

    def __getitem__(self, key: str) -> str:
        return self.texts[key]

    def get(self, key: str, register: str = "older", n: int | None = None) -> str:
        """The sentence for this register; with ``n``, its plural form with ``{n}`` filled in. KeyError: no such key."""
        form = self.forms.get(key)
        if n is None:
            return self.texts[key] if form is None else form.get(register) or self.texts[key]
        text = self.texts[key] if form is None else form.get(plural_form(self.language, n)) or self.texts[key]
        return text.replace("{n}", self.digits(str(n)))

    def clock(self, moment: datetime) -> str:
        """Hours and minutes, as this language writes them."""
        return self.digits(moment.strftime("%H:%M"))

    def digits(self, text: str) -> str:
        """Persian writes ۱۱:۳۰, the others 11:30."""
        return text.translate(_PERSIAN) if self.language == "fa" else text

    def idea(self, subject: str) -> Idea | None:
        """What there is to know about a category or a topic of words."""
        return self.ideas.get(subject)

    def fact_checks(self, country: str) -> tuple[FactCheck, ...]:
        """Where a school in this country (ISO 3166-1, "" = not said) can check a claim, the nearest first."""
        return fitting(self.facts, self.language, country)


Messages = Mapping[str, Texts]


def load_messages(shipped: Path, school: Path | None = None, subjects: Collection[str] = ()) -> Messages:
    """All languages, the school's sentences over the shipped ones.

    ``shipped`` and ``school`` are folders with ``<language>.yaml``; the school's may be missing. ``subjects`` are the
    categories and topics a school may write an idea for, besides those we have one for.
    Raises PolicyError naming every mistake with file:line:column.
    """
    mistakes = Mistakes()
    files = _Files(shipped, school, mistakes)
    texts = {language: _texts(files, language) for language in LANGUAGES}
    ideas = {language: _ideas(files, language, subjects) for language in LANGUAGES}
    facts = laid_over(read_fact_checks(files.shipped("fact-checks")), read_fact_checks(files.own("fact-checks")))
    mistakes.raise_if_any()
    return {language: replace(texts[language], ideas=ideas[language], facts=facts) for language in LANGUAGES}


@cache
def shipped_messages() -> Messages:
    """The shipped sentences alone: what fault pages are made from, whatever the school's files say."""
    return load_messages(shipped_folder())


def shipped_folder() -> Path:
    """``policies/messages`` of the checkout, or the copy inside the installed package."""
    here = Path(__file__).resolve()
    inside = here.parents[1] / "shipped" / "policies" / "messages"
    return inside if inside.is_dir() else here.parents[3] / "policies" / "messages"


@dataclass(frozen=True, slots=True)
class _Files:
    """The shipped folder and the school's, which may leave out any file."""

    ours: Path
    school: Path | None
    mistakes: Mistakes

    def shipped(self, name: str, again: bool = False) -> MapNode:
        """``again``: its mistakes were told at the first reading."""
        return load(self.ours / f"{name}.yaml", f"messages/{name}.yaml", Mistakes() if again else self.mistakes)

    def own(self, name: str) -> MapNode:
        shown, path = f"local/messages/{name}.yaml", self.school / f"{name}.yaml" if self.school else None
        return load(path, shown, self.mistakes) if path and path.exists() else MapNode.empty(shown, self.mistakes)


def _texts(files: _Files, language: str) -> Texts:
    root, own = files.shipped(language, again=language == "en"), files.own(language)
    english = checked(files.shipped("en", again=language != "en"), None, "en")
    forms = english if language == "en" else checked(root, english, language)
    if own.entries:
        forms = merged(forms, checked(own, english, language, complete=False))
    node = root.get("direction")
    direction = readers.choice(node, "direction", ("ltr", "rtl")) if node else "ltr"
    several = {key: spread(form) for key, form in forms.items() if "" not in form or len(form) > 1}
    return Texts(language, direction, {key: main_form(form) for key, form in forms.items()}, several)


def _ideas(files: _Files, language: str, subjects: Collection[str]) -> Ideas:
    english = read_ideas(files.shipped("ideas/en", again=language != "en"), None)
    ours = english if language == "en" else read_ideas(files.shipped(f"ideas/{language}"), english)
    own = files.own(f"ideas/{language}")
    return {**ours, **read_ideas(own, english, {*english, *subjects})} if own.entries else ours
