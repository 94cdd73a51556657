"""All band files of both folders, laid over one another: shipped bands among themselves, then the school's edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hedgerow.core.model import Band
from hedgerow.stores.policy_bands import (
    BandFile,
    Known,
    check_complete,
    check_windows,
    laid_over,
    read_band,
    removed_in_vain,
)
from hedgerow.stores.policy_compile import compiled, in_order
from hedgerow.stores.policy_examples import Example
from hedgerow.stores.policy_floor import FloorBuilder, check_loosening
from hedgerow.stores.site import Site
from hedgerow.stores.yamlfile import Mistakes, PolicyError, legal, load

SCHOOL = "local/"
"""What the school's folder is called in messages and ``where``, wherever it stands."""


@dataclass(frozen=True, slots=True)
class Layers:
    """Band files by name: as they are written, and laid together. ``order`` is from the strictest."""

    own: Mapping[str, BandFile]  # shipped, as written
    edits: Mapping[str, BandFile]  # the school's, as written
    base: Mapping[str, BandFile]  # shipped, with what they inherit
    full: Mapping[str, BandFile]  # with the school's edits
    order: tuple[str, ...]

    @property
    def standalone(self) -> frozenset[str]:
        """Bands outside the line that begins with the strictest: they are nobody's by default (staff)."""
        return frozenset(name for name in self.order if self._first(name) != self.order[0])

    def _first(self, name: str) -> str:
        while self.own[name].extends in self.own:
            name = self.own[name].extends
        return name

    @property
    def examples(self) -> tuple[Example, ...]:
        both = (self.own, self.edits)
        return tuple(e for name in self.order for files in both if name in files for e in files[name].examples)

    def bands(self, site: Site, shipped: bool = False) -> dict[str, Band]:
        """The complete bands; with ``shipped``, as they are without the school's edits."""
        files = self.base if shipped else self.full
        return {name: compiled(files[name], index, site) for index, name in enumerate(self.order)}

    def removals_in_vain(self) -> Iterator[str]:
        """No mistakes: a rule that an upgrade took away must not break the school that took it away before."""
        under = [(file, self.base[file.extends]) for file in self.own.values() if file.extends in self.base]
        for file, lower in (*under, *((file, self.base[name]) for name, file in self.edits.items())):
            for rule_id, where in removed_in_vain(lower, file):
                yield f"{where}: {rule_id}: there is no rule to take away here"


def read_layers(shipped: Path, school: Path, known: Known, floor: FloorBuilder, mistakes: Mistakes) -> Layers:
    """Both folders' bands. Mistakes are noted; PolicyError only when no shipped band is left to build on."""
    own = _band_files(shipped, "", known, mistakes)
    edits = _band_files(school, SCHOOL, known, mistakes)
    order = in_order(own)
    if not order:
        mistakes.add("bands", 0, 0, f"no band that extends nothing is shipped in {shipped.name!r}")
        raise PolicyError(mistakes.found)
    for file in (*own.values(), *edits.values()):
        check_loosening(file, floor)
    base = _inherited(own, order, known)
    return Layers(own, edits, base, _edited(base, edits), order)


def _band_files(folder: Path, prefix: str, known: Known, mistakes: Mistakes) -> dict[str, BandFile]:
    paths = sorted((folder / "bands").glob("*.yaml"))
    roots = {path.stem: load(path, f"{prefix}bands/{path.name}", mistakes) for path in paths}
    return {name: read_band(root, name, known, shipped=not prefix) for name, root in roots.items()}


def _inherited(own: Mapping[str, BandFile], order: tuple[str, ...], known: Known) -> dict[str, BandFile]:
    """Shipped bands with what they inherit from shipped bands, and from nothing else."""
    full: dict[str, BandFile] = {}
    for name in order:
        file = own[name]
        full[name] = laid_over(full[file.extends], file) if file.extends in full else file
        check_windows(full[name], file)
        if not file.extends:
            check_complete(file, known)
    return full


def _edited(base: Mapping[str, BandFile], edits: Mapping[str, BandFile]) -> dict[str, BandFile]:
    """The school's edits over the band they stand in. An edit of a band that is not shipped is a mistake."""
    full = dict(base)
    for name, file in edits.items():
        if name not in base:
            file.root.mistake(f"nothing reads this file; {legal('band', name, base)}")
            continue
        full[name] = laid_over(base[name], file)
        check_windows(full[name], file)
    return full
