"""Policies: the shipped defaults with the school's edits laid over them, read into one ``core.model.Policy``.

All files are strict YAML (``stores.yamlfile``): text with spaces for indentation, no anchors, no tags, no key twice.
Every mistake of every file is reported at once, with file, line, column and the legal choices.

**A band** (``bands/<band>.yaml``; the file's name is the band's)::

    band: ages-8-10              # must equal the file's name
    title: {en: "Ages 8 to 10", vi: "8 đến 10 tuổi"}
    extends: ages-5-7            # shipped files only; the child says what opens (or closes)
    no-page: refuse              # refuse | allow: warn and limit where no page can be shown (image, script, API)
    register: young              # young | middle | older | staff: how our pages speak to this band
    windows:
      lunch: {days: [mon, tue, wed, thu, fri], from: "11:30", to: "13:30", on: school-days}
    categories: {gambling: block, games: {action: limit, times: {lunch: allow}}}
    sites:
      youtube.com: block         # the host and all below it
      youtube.com/kids: allow    # a path prefix, by whole segments; the longest host, then the longest path decides
      =github.io: allow          # exactly this host, nothing below it
      bbc.co.uk: {action: allow, words: off}
    words: {adult: block, gambling: {action: warn, threshold: 4}}
    files:
      programs: {types: [exe, msi, apk, dmg, sh], action: block}
      large: {over: 500 MB, action: warn}
    unknown: {page: block, part: block, address: block}
    undecodable: block
    messages: {vi: "...", en: "..."}     # the school's own sentence on every page of this band
    examples:
      - {url: "https://kids.nationalgeographic.com/", expect: allow, by: "site:kids.nationalgeographic.com"}
      - {url: "https://www.google.com/search?q=...", expect: block, by: "words:adult", at: "2026-11-23 12:00"}

* An action is ``allow``, ``monitor``, ``limit``, ``warn``, ``help`` or ``block`` (from open to strict). Wherever one is
  expected, a longer form may stand: ``{action: A, times: {window: A}, since: 2026-09-01, until: 2027-05-31,
  message: "..."}``. ``until`` is the last day in force. The first window of ``times`` that is open decides.
* ``limit`` means "closed at this time of day": give it ``times`` with a window that opens.
* ``windows``: ``days`` is a list of mon..sun, or ``all``; ``to`` not after ``from`` runs over midnight; ``24:00`` ends
  a day; ``on`` is any (default), school-days, holidays or exam-days. A night window belongs to the day it begins on.
  ``school-hours`` needs no definition: it is ``hours`` of site.yaml on school days.
* ``no-rule`` in the place of an action takes an inherited rule of ``sites``, ``words`` or ``files`` away again.
* ``words``: topics that have a list under ``words/``. ``threshold`` is how many points a page needs (default 3);
  typed text needs one, and with ``typed`` gets another action than a page, a search of it with ``search``. ``alert``
  (low, medium, high, off) tells the recipients of ``reports: alerts`` what was typed, whatever the action is;
  ``alert-from`` is the score from which on (default 1). A rule that says nothing of alerts keeps those of the file
  below it.
* ``files``: ``types`` are extensions as ``core.text.file_type`` gives them; ``over`` is a size: ``500 KB``, ``2 GB``.
* ``unknown``: sites in no list. ``page``, ``part`` (image, style, font, script, media, JSON), ``address`` (an IP
  address in place of a name). A band that extends nothing must say all of ``title``, ``no-page``, ``unknown``,
  ``undecodable`` and every category.
* ``examples``: ``url``, ``expect`` (an action) and, as needed, ``by`` (the rule that must decide, as ``hedgerow
  explain`` prints it), ``at`` (the school's time; else 10:00 on the next school day), ``text`` (visible text of the
  page), ``posted`` (text sent in a form), ``kind`` (page | part, default page), ``capture`` (decrypted | names-only).
  Each band's examples are its own; nothing of them is inherited. A school's edits may bring examples too.

**A school's edits** (``local/bands/<band>.yaml``) have the same keys without ``extends``, and say only what differs:
rule by rule, window by window. They touch the band they stand in and no other, for the shipped bands inherit from
shipped bands only.

**The floor** (``floor.yaml``, shipped and local): ``categories`` and ``sites`` as above, with ``block`` or ``help`` and
no ``times``; it only adds to the package's own floor (illegal, malware, phishing), and nothing may loosen it.

**Helplines** (``helplines/<language>.yaml``, shipped and local)::

    helplines:
      - name: "Tổng đài quốc gia bảo vệ trẻ em"
        number: "111"                     # as written, or
        text: "..."                       # a text/chat address, or
        qr: "https://..."                 # what a QR code leads to (at least one of the three)
        hours: "24/7"
        languages: [vi]                   # spoken there; default: the file's own
        place: {country: VN, province: "Yên Bái", formerly: ["..."]}      # country: ISO 3166-1 alpha-2
        source: "who documents it, with its date"
        verified: 2026-11-20              # when the source was read, or someone called
        status: documented                # documented | confirmed
        host: tongdai111.vn               # or [hosts]: protected, exactly this host, or host/path

**site.yaml**: see ``stores.site``.

Rule ids: ``category:<id>``, ``site:<host[/path]>``, ``site:=<host>``, ``words:<topic>``, ``files:<name>``,
``unknown:page|part|address``, ``undecodable``, ``floor:category:<id>``, ``floor:site:<host[/path]>``. ``where`` names
the file that decided: ``bands/x.yaml:12``, ``local/bands/x.yaml:3``, ``floor.yaml:4``, ``package:floor:2``.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from pathlib import Path

from hedgerow.core.model import Band, NoDecrypt, Policy, Protected
from hedgerow.core.tenants import must_be_read
from hedgerow.core.topics import TOPICS
from hedgerow.stores.policy_bands import Known
from hedgerow.stores.policy_compile import content_digest
from hedgerow.stores.policy_examples import Example
from hedgerow.stores.policy_floor import FloorBuilder
from hedgerow.stores.policy_helplines import Helpline, protected_names, read_helplines
from hedgerow.stores.policy_layers import SCHOOL, Layers, read_layers
from hedgerow.stores.policy_strays import check_strays
from hedgerow.stores.site import GATEWAY_NAME, READY, Site
from hedgerow.stores.site_reader import read_site
from hedgerow.stores.yamlfile import MapNode, Mistakes, load


@dataclass(frozen=True, slots=True)
class LoadedPolicy:
    """All that the policy files say. ``policy`` is what decides; the rest serves pages, tests and people."""

    policy: Policy
    site: Site
    shipped: Mapping[str, Band]  # the same bands without the school's edits, for upgrade notes
    titles: Mapping[str, Mapping[str, str]]  # band -> language -> title
    examples: tuple[Example, ...]
    helplines: tuple[Helpline, ...]
    notes: tuple[str, ...] = ()  # what is right but worth telling

    @property
    def bands(self) -> tuple[str, ...]:
        """Names of the bands, from the strictest."""
        return tuple(sorted(self.policy.bands, key=lambda name: self.policy.bands[name].order))


def load_policy(
    shipped: Path,
    school: Path,
    categories: Collection[str],
    no_decrypt: Mapping[str, NoDecrypt] | None = None,
    lists: Path | None = None,
) -> LoadedPolicy:
    """The shipped policies with the school's folder laid over them; the folder, or files in it, may be missing.

    ``categories`` are the ids that rules may name, ``lists`` is where the school's own lists lie. Raises PolicyError
    with every mistake of every file; then nothing was changed anywhere, and whoever holds an older policy goes on.
    """
    mistakes = Mistakes()
    known = Known(frozenset(categories), TOPICS | _topics(shipped) | _topics(school))
    floor = _floor(shipped, school, known, mistakes)
    check_strays(school, mistakes, lists)
    layers = read_layers(shipped, school, known, floor, mistakes)
    site = read_site(_optional(school / "site.yaml", SCHOOL + "site.yaml", mistakes), layers.order, layers.standalone)
    helplines = [*read_helplines(shipped, "", True, mistakes), *read_helplines(school, SCHOOL, False, mistakes)]
    protected = _with_gateway(protected_names(helplines, floor), site)
    mistakes.raise_if_any()
    policy = _policy(layers, floor, site, protected, no_decrypt or {})
    return LoadedPolicy(
        policy=replace(policy, version=content_digest(policy)),
        site=site,
        shipped=layers.bands(site, shipped=True),
        titles={name: dict(layers.full[name].title) for name in layers.order},
        examples=layers.examples,
        helplines=tuple(helpline for helpline, _ in helplines),
        notes=tuple(_notes(school, layers)),
    )


def _policy(
    layers: Layers,
    floor: FloorBuilder,
    site: Site,
    protected: Mapping[str, tuple[Protected, ...]],
    no_decrypt: Mapping[str, NoDecrypt],
) -> Policy:
    return Policy(
        version="",
        bands=layers.bands(site),
        default_band=site.default_band,
        floor=floor.built(),
        protected=protected,
        no_decrypt={name: e for name, e in no_decrypt.items() if not must_be_read(name, site.tenants)},
        calendar=site.calendar,
        ports=site.ports,
        private_allowed=site.private,
        gateway_names=frozenset(site.own_names),
    )


def _optional(path: Path, name: str, mistakes: Mistakes) -> MapNode:
    """The file, or an empty map when there is none. A link that leads nowhere is a file that cannot be read."""
    return load(path, name, mistakes) if os.path.lexists(path) else MapNode.empty(name, mistakes)


def _topics(folder: Path) -> frozenset[str]:
    """Topics with a word list: ``words/<topic>.<language>.yaml``. Those of ``TOPICS`` are known without one."""
    return frozenset(path.name.split(".")[0] for path in (folder / "words").glob("*.yaml"))


def _floor(shipped: Path, school: Path, known: Known, mistakes: Mistakes) -> FloorBuilder:
    """The package's floor, then the shipped file, then the school's: each may only add."""
    floor = FloorBuilder()
    with as_file(files("hedgerow") / "floor.yaml") as path:
        package = load(path, "package:floor", mistakes)
    in_package = package.get("categories")
    ids = {key.value for key, _ in in_package} if isinstance(in_package, MapNode) else set()
    floor.add(package, known.categories | ids)
    floor.add(_optional(shipped / "floor.yaml", "floor.yaml", mistakes), known.categories | ids)
    floor.add(_optional(school / "floor.yaml", SCHOOL + "floor.yaml", mistakes), known.categories | ids)
    return floor


def _notes(school: Path, layers: Layers) -> Iterator[str]:
    if not (school / "site.yaml").exists():
        yield f"{SCHOOL}site.yaml is missing: no network is known, and everyone gets the strictest band"
    yield from layers.removals_in_vain()


def _with_gateway(protected: Mapping[str, tuple[Protected, ...]], site: Site) -> dict[str, tuple[Protected, ...]]:
    """The gateway's own names beside the helplines. A school's are its own word, so the floor stands above them."""
    ours = {GATEWAY_NAME, READY + GATEWAY_NAME}
    own = {name: (Protected(name, where, shipped=name in ours),) for name, where in site.own_names.items()}
    return {**own, **protected, **{name: own[name] for name in ours}}
