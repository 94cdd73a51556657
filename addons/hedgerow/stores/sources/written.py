"""A source as ``sources.yaml`` would describe it: a bundle says in this way whose lists it carries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import PurePosixPath

import yaml

from hedgerow.stores.sources.model import Source
from hedgerow.stores.sources.reader import kept_under


def written(sources: Iterable[Source]) -> str:
    """YAML that reads back as these sources, all of them in use."""
    entries = {source.id: _entry(source) for source in sources}
    return yaml.safe_dump({"sources": entries}, allow_unicode=True, sort_keys=False, width=4096)


def _entry(source: Source) -> dict[str, object]:
    entry: dict[str, object] = {
        "title": source.title,
        **_addresses(source),
        "format": source.format,
        "field": source.options.field,
        "category-field": source.options.category_field,
        "only": source.options.only,
        "most-files": source.options.most_parts,
        "category": source.category,
        "categories": {theirs: list(ours) for theirs, ours in source.categories.items()},
        "role": str(source.role),
        "trust": source.trust,
        "family": source.family,
        "licence": source.licence,
        "home": source.home,
        "refresh": _span(source.refresh),
        "least-names": source.least_names,
        "shrink": source.shrink,
        "grow": source.grow,
        "most-size": f"{source.most_bytes // 1000} KB",
        "required": source.required,
        "share": source.share,
    }
    if source.checksum:
        entry["checksum"] = {"url": source.checksum.url, "algorithm": str(source.checksum.algorithm)}
    if source.signature:
        entry["signature"] = {"url": source.signature.url, "key": source.signature.key}
    return {key: value for key, value in entry.items() if value not in ("", {})}


def _addresses(source: Source) -> Mapping[str, object]:
    if source.path:
        return {"path": source.path}
    if source.single and source.names[0] == kept_under(source.urls[0]):
        return {"url": source.urls[0]}
    names = (PurePosixPath(name).name.split(".")[0] for name in source.names)
    return {"files": dict(zip(names, source.urls, strict=True))}


def _span(refresh: timedelta) -> str:
    hours = int(refresh.total_seconds()) // 3600
    for unit, length in (("week", 168), ("day", 24)):
        if hours % length == 0:
            return f"{hours // length} {unit}s"
    return f"{hours} hours"
