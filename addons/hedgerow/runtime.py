"""The one frozen value a request is judged by, and how it comes into force: build aside, then one assignment.

The supervisor reads and checks all files once (``compile_files``) and writes the result (``save``); each worker loads
that (``load``) in a thread and assigns it to ``Runtime.current``. A mistake raises PolicyError in the supervisor, so
that no worker ever sees half a policy. The file lies in a folder of the running service only, 0600, never in a
backup: it is read with ``pickle``, which trusts what it reads.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from hedgerow.core.hosts import registrable
from hedgerow.core.model import Policy
from hedgerow.core.normal import fold
from hedgerow.core.sieve import compile_all
from hedgerow.core.words import Lexicon, Phrase
from hedgerow.metrics import named_rules
from hedgerow.stores.categories import CategoryTable, load_categories, load_no_decrypt
from hedgerow.stores.errors import Mistake, PolicyError
from hedgerow.stores.identities import Identities
from hedgerow.stores.kept_lists import KeptLists
from hedgerow.stores.kept_words import Words, environment, keep, kept_words, opened
from hedgerow.stores.lists import AnyIndex, Report, open_index
from hedgerow.stores.member import SealedLists
from hedgerow.stores.member import read as read_sealed
from hedgerow.stores.messages import Messages, load_messages
from hedgerow.stores.owner import anothers, as_owner
from hedgerow.stores.policies import LoadedPolicy, load_policy
from hedgerow.stores.policy_helplines import Helpline
from hedgerow.stores.site import Site
from hedgerow.stores.sources import BUNDLED, SOURCES, Source, load_sources
from hedgerow.stores.state import State, StateError, write_whole
from hedgerow.stores.vanished import missing_seeds


@dataclass(frozen=True, slots=True)
class Sources:
    """The folders a snapshot is made from."""

    shipped: Path  # the package's policies/
    school: Path  # the school's own, laid over them
    blocklists: Path
    shipped_lists: Path  # has categories.yaml and no-decrypt.yaml for a ``blocklists`` without
    index: Path  # where built indexes lie
    state: Path | None = None  # the state folder, for its member-only lists; None = there are none

    @property
    def list_folders(self) -> tuple[Path, ...]:
        """Hand-written lists: the shipped seeds, the district's, the school's. Of corrections the later adds."""
        local = self.blocklists / "local"
        return self.blocklists / "seed", local / "district", local

    @property
    def list_sources(self) -> tuple[Path, Path, Path]:
        """Where whose lists are taken in is described: shipped, by a bundle, by the school."""
        bundled = self.index.parent / "lists" / BUNDLED
        return self.list_file(SOURCES), bundled, self.blocklists / "local" / SOURCES

    def list_file(self, name: str) -> Path:
        own = self.blocklists / name
        return own if own.exists() else self.shipped_lists / name


@dataclass(frozen=True, slots=True)
class Files:
    """Everything read and checked, as plain values that can be handed to another process."""

    version: str
    loaded: LoadedPolicy
    categories: CategoryTable
    words: Words | None  # None where it was read from a file: ``load`` finds them beside it
    words_key: str
    index: Path
    report: Report
    messages: Messages
    list_sources: tuple[Source, ...] = ()  # whose lists are taken in
    member: SealedLists = SealedLists()  # as their files have them: what lies here in clear would lie in a snapshot

    listed: int = 0  # names in all lists, downloaded ones too

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """All phrases; none where the words stand in a file of their own."""
        return self.words.phrases if self.words is not None else ()

    @property
    def policy(self) -> Policy:
        return self.loaded.policy

    @property
    def site(self) -> Site:
        return self.loaded.site


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that requests are judged by. Read ``Runtime.current`` once per request and keep to it."""

    version: str
    policy: Policy  # its version is the snapshot's
    site: Site
    zone: ZoneInfo
    index: AnyIndex
    words: Words  # all phrases, and the machine that finds them
    identities: Identities
    categories: CategoryTable
    helplines: tuple[Helpline, ...]  # of the school's place, the nearest first
    named_rules: frozenset[str]
    messages: Messages  # the sentences of the pages
    member_unread: bool = False  # this account may not see the member-only lists: only the service's verdict is whole

    @property
    def lexicon(self) -> Lexicon:
        """Finds the phrases in a text."""
        return self.words.lexicon

    def languages(self, band: str) -> tuple[str, ...]:
        """The languages of the pages for this band, the first is the default: the band's own, else the site's."""
        found = self.policy.bands.get(band)
        return (found.languages if found is not None else ()) or self.site.languages

    def helplines_for(self, language: str) -> tuple[Helpline, ...]:
        """The local helplines as readers of ``language`` should see them."""
        return for_readers(self.helplines, language)


class Runtime:
    """Holds the snapshot in force. Assigning ``current`` is the whole of a reload, as requests see it."""

    def __init__(self, current: Snapshot) -> None:
        self.current = current


def compile_files(sources: Sources, lists: KeptLists | None = None) -> Files:
    """Read and check everything. Raises PolicyError with all mistakes of all files; nothing changes then.

    Give the same ``lists`` at every call, and they are built anew only when a list changed.
    """
    mistakes: list[Mistake] = []
    categories = load_categories(sources.list_file("categories.yaml"))  # without it, every rule would be a mistake
    own = sources.blocklists / "local"
    closed = _tried(mistakes, lambda: load_no_decrypt(sources.list_file("no-decrypt.yaml"), own / "no-decrypt.yaml"))
    loaded = _tried(mistakes, lambda: load_policy(sources.shipped, sources.school, categories, closed, own))
    words = _tried(mistakes, lambda: _words(sources))
    built = _tried(mistakes, lambda: (lists or KeptLists()).build(sources.list_folders, categories.ids, sources.index))
    subjects = {*categories.ids} | {phrase.topic for phrase in (words.phrases if words else ())}
    folders_of_texts = (sources.shipped / "messages", sources.school / "messages")
    messages = _tried(mistakes, lambda: load_messages(*folders_of_texts, subjects))
    listed = _tried(mistakes, lambda: load_sources(*sources.list_sources, categories=categories.ids))
    member = _tried(mistakes, lambda: read_member(sources.state))
    mistakes += missing_seeds(sources.blocklists, categories.ids)
    if mistakes or loaded is None or words is None or built is None or messages is None or member is None:
        raise PolicyError(mistakes)
    index, report = built
    version = digest(loaded.policy, loaded.site, categories, words.key, index.name, messages, member.digest)
    names = open_index(index).names
    return Files(version, loaded, categories, words, words.key, index, report, messages, listed or (), member, names)


def compile_as_owner(sources: Sources) -> Files:
    """The same by root on another user's gateway, with that user's rights (``stores.owner``). Raises PolicyError.

    Root may not open the words that user compiled: it opens, or compiles and keeps, its own before.
    """
    state = sources.state or sources.index
    if anothers(state):
        with suppress(PolicyError):  # told below, with all others
            kept_words(sources.shipped / "words", sources.school / "words", [environment()])
    with as_owner(state):
        return compile_files(sources)


def _words(sources: Sources) -> Words:
    folders = [environment(), *([sources.state / "words"] if sources.state is not None else [])]
    return kept_words(sources.shipped / "words", sources.school / "words", folders)


def read_member(state: Path | None) -> SealedLists:
    """The member-only lists, each opened once to see that it can be. Raises PolicyError."""
    sealed = read_sealed(State(state)) if state is not None else SealedLists()
    try:
        sealed.open()
    except StateError as error:
        raise PolicyError([Mistake("state", 0, 0, str(error))]) from error
    return sealed


def _tried[T](mistakes: list[Mistake], read: Callable[[], T]) -> T | None:
    """What ``read`` gives, or None with its mistakes kept: all files' mistakes are told, not the first file's."""
    try:
        return read()
    except PolicyError as error:
        mistakes.extend(error.mistakes)
        return None


def assemble(files: Files, before: Snapshot | None = None) -> Snapshot:
    """Open the index, take the word machine. Takes long: never call it on a worker's loop.

    The word machine is the one of ``before`` where no phrase changed: lists change daily and words hardly ever, and
    requests that are still judged by ``before`` keep it in memory.
    """
    same = before is not None and before.words.key == files.words_key
    words = before.words if before is not None and same else files.words
    if words is None:
        raise OSError(f"the compiled words {files.words_key} are gone")
    policy = replace(files.policy, version=files.version, illegal=files.member.matcher())
    site = files.site
    # Here, not in a pupil's first request: the suffix list is parsed, what tells odd letters and tags is compiled.
    registrable("example.org")
    fold("é")
    compile_all()
    return Snapshot(
        version=files.version,
        policy=policy,
        site=site,
        zone=ZoneInfo(policy.calendar.timezone),
        index=open_index(files.index),
        words=words,
        identities=Identities(site.networks, policy.default_band),
        categories=files.categories,
        helplines=tuple(local_helplines(files.loaded.helplines, site)),
        named_rules=named_rules(policy),
        messages=files.messages,
        member_unread=files.member.unread,
    )


def local_helplines(helplines: tuple[Helpline, ...], site: Site) -> Iterator[Helpline]:
    """Those of the school's province (or what it was called before), then those of its whole country.

    A shipped one whose hours no source says comes after those that surely answer. Of two entries for one number the
    school's own stands: that is how a school confirms what is shipped. Shipped ones stay once for each language.
    """
    provinces = {site.place.province, *site.place.formerly} - {""}
    here = [line for line in sorted(helplines, key=lambda line: line.shipped) if line.country == site.place.country]
    near = [line for line in here if line.province and provinces & {line.province, *line.formerly}]
    own = {_reached(line) for line in here if not line.shipped}
    known: set[tuple[str, str]] = set()
    for line in sorted((*near, *(line for line in here if not line.province)), key=_hours_unknown):
        twice = (_reached(line), line.language) in known or (line.shipped and _reached(line) in own)
        known.add((_reached(line), line.language))
        if not twice:
            yield line


def _reached(line: Helpline) -> str:
    return line.number or line.text or line.qr


def _hours_unknown(line: Helpline) -> bool:
    return line.shipped and not line.hours


def for_readers(helplines: Iterable[Helpline], language: str) -> tuple[Helpline, ...]:
    """Those that speak ``language`` first, and of these those described in it."""
    return tuple(sorted(helplines, key=lambda line: (language not in line.languages, line.language != language)))


def save(files: Files, folder: Path) -> Path:
    """Write what ``load`` reads; the name is the version. Raises OSError."""
    path = folder / f"{files.version}.snapshot"
    if files.words is not None:
        keep(files.words, folder)  # a file of its own: lists change daily, and words hardly ever
    write_whole(path, pickle.dumps(replace(files, words=None), protocol=pickle.HIGHEST_PROTOCOL))
    return path


def load(path: str | Path, before: Snapshot | None = None) -> Snapshot:
    """The snapshot in a file of ``save``: only ever a file of the service's own running folder. Raises OSError.

    ``before`` is the one in force (see ``assemble``).
    """
    files = read(path)
    if before is None or before.words.key != files.words_key:
        files = _with_words(files, path)
    return assemble(files, before)


def read_newest(folder: Path) -> Files:
    """What the supervisor last gave its workers, ready to be assembled. Raises OSError, TypeError, ValueError."""
    newest = max(folder.glob("*.snapshot"), key=lambda path: path.stat().st_mtime_ns)
    return _with_words(read(newest), newest)


def _with_words(files: Files, path: str | Path) -> Files:
    return replace(files, words=opened(Path(path).parent, files.words_key))


def read(path: str | Path) -> Files:
    """The files behind a snapshot, for whoever does not judge. Raises OSError, TypeError."""
    files = pickle.loads(Path(path).read_bytes())
    if not isinstance(files, Files):
        raise TypeError(f"{path} holds no snapshot")
    return files


def digest(*values: object) -> str:
    """12 hexadecimal digits that name a content: the same in every process, whatever the order of sets."""
    return hashlib.blake2b(repr(tuple(map(_plain, values))).encode(), digest_size=6).hexdigest()


def _plain(value: object) -> object:
    """The value as nested tuples in a fixed order."""
    if isinstance(value, enum.Enum):
        return value.name
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return tuple(_plain(getattr(value, f.name)) for f in dataclasses.fields(value))
    if isinstance(value, Mapping):
        return tuple(sorted(((repr(_plain(k)), _plain(v)) for k, v in value.items()), key=lambda pair: pair[0]))
    if isinstance(value, (set, frozenset)):
        return tuple(sorted(repr(_plain(item)) for item in value))
    if isinstance(value, (tuple, list)):
        return tuple(map(_plain, value))
    return value
