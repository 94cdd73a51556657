"""What ``check`` and ``up`` say about the downloaded lists: that there are none, or that they are not all in force."""

from __future__ import annotations

from collections.abc import Iterator

from hedgerow.cli.common import Place
from hedgerow.cli.list_build import held_source
from hedgerow.stores.formats import FormatError
from hedgerow.stores.index_files import told_of
from hedgerow.stores.list_pointer import read_pointer
from hedgerow.stores.sources import Source


def list_notes(place: Place, sources: tuple[Source, ...]) -> tuple[str, ...]:
    """Sentences for the operator, without a full stop; () when all that is held is in force."""
    return tuple(_notes(place, sources))


def _notes(place: Place, sources: tuple[Source, ...]) -> Iterator[str]:
    pointer = read_pointer(place.sources.index)
    if pointer is None:
        yield "only the lists written by hand are in force: fetch the others with `hedgerow lists update`"
        return
    folder = place.sources.index / pointer.name
    if waiting := sorted(_waiting(place, sources, pointer.sources)):
        yield f"not built as they are now: {', '.join(waiting)}; put them in force with `hedgerow lists build`"
    unmapped = [f"{source}: {theirs}" for source, theirs, _ in told_of(folder).get("unmapped", ())]
    if unmapped:
        yield f"categories that are mapped to none of ours, and left out: {', '.join(unmapped)}"


def _waiting(place: Place, sources: tuple[Source, ...], built: dict[str, str]) -> Iterator[str]:
    """Sources whose files are others than those built, and those built that are used no more."""
    for source in sources:
        try:
            held = held_source(place, source)
        except (OSError, FormatError):  # told by `lists build`, with its reason
            continue
        if held is not None and built.get(source.id) != held.version:
            yield source.id
    yield from built.keys() - {source.id for source in sources}
