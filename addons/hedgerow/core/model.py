"""The values every room speaks: closed sets as enums, facts and verdicts as frozen, slotted dataclasses.

Nothing here has behaviour beyond deriving one field from others. A value is made once, at the border
(stores for policies and lists, proxy/facts for traffic), and never changed.
"""

from __future__ import annotations

import base64
import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple, Protocol


class Action(enum.IntEnum):
    """What happens to a request. The order is the strictness: the stricter of two verdicts stands."""

    ALLOW = 0
    MONITOR = 1  # allowed and counted
    LIMIT = 2  # closed at this time of day
    WARN = 3  # a page with "continue"
    HELP = 4  # support first, then one "go on"
    BLOCK = 5

    def __str__(self) -> str:
        return self.name.lower()

    @property
    def forbids(self) -> bool:
        """True when the pupil gets a page of ours in place of the content."""
        return self >= Action.LIMIT


class Capture(enum.StrEnum):
    """How much of a connection Hedgerow sees: a network's level, and what was decided for one connection."""

    DECRYPTED = "decrypted"
    NAMES_ONLY = "names-only"


class Step(enum.StrEnum):
    """Which step of the precedence spoke (``../shared/design.md``: "first that speaks"). A metric label."""

    BUILTIN = "0-builtin"
    ILLEGAL = "1-illegal"
    PROTECTED = "2-protected"
    FLOOR = "3-floor"
    LOCKOUT = "4-lockout"
    EXAM = "4-exam"
    SITE = "5-site"
    CATEGORY = "6-category"
    DEFAULT = "7-default"
    WORDS = "words"
    FILES = "files"
    FAULT = "fault"


class NameSource(enum.StrEnum):
    """Where the client wrote a name. Every one of them is judged."""

    CONNECT = "connect"
    SNI = "sni"
    HOST = "host"  # Host header
    AUTHORITY = "authority"  # h2 :authority
    URI = "uri"  # absolute-form request target
    DESTINATION = "destination"  # the address a transparent client dialled


class Kind(enum.StrEnum):
    """What the response can be; UNKNOWN until its type was sniffed."""

    UNKNOWN = "unknown"
    PAGE = "page"
    PART = "part"


class Channel(enum.StrEnum):
    """Where words were found. Typed text needs one hit, a page needs the band's threshold."""

    URL = "url"
    SEARCH = "search"
    POSTED = "posted"
    PAGE = "page"
    MESSAGE = "message"  # WebSocket text
    PROMPT = "prompt"  # what was asked of an AI chat
    REPLY = "reply"  # what such a chat answers, or another side streams, as it comes

    @property
    def typed(self) -> bool:
        return self not in (Channel.PAGE, Channel.REPLY)


@dataclass(frozen=True, slots=True)
class Where:
    """A line of a file a person can open: ``bands/ages-8-10.yaml:12``. Built-in reasons have line 0."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Name:
    """One name the client gave. ``host`` is canonical (``core.hosts``) or None when it is no legal host."""

    source: NameSource
    host: str | None
    raw: str = ""

    @property
    def is_address(self) -> bool:
        return self.host is not None and (":" in self.host or self.host.replace(".", "").isdigit())


@dataclass(frozen=True, slots=True)
class Typed:
    """Text a person typed, or that stands in a URL, in reading form (percent-decoded)."""

    channel: Channel
    text: str
    engine: str = ""  # google, bing, ... for searches


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sends the request, as far as the network tells. ``key`` is what pseudonyms are made from."""

    key: str  # the client address in canonical form, later a device or person
    band: str
    network: str = ""  # name in site.yaml; "" = unknown, gets the default band
    level: Capture = Capture.DECRYPTED
    staff_only: bool = False
    synthetic: bool = False  # the gateway's own test client: nothing it does is counted, logged or told to anybody


@dataclass(frozen=True, slots=True)
class Request:
    """All that may be judged of one request. Pure text in canonical form, made by ``proxy.facts`` or ``explain``."""

    names: tuple[Name, ...]
    scheme: str = "https"
    method: str = "GET"
    port: int = 443
    path: str = "/"  # canonical: decoded once, dot segments removed, slashes merged (core.urls)
    query: str = ""  # raw, without "?"
    raw_path: str = ""  # as the client wrote it, for what stands inside it; "" = no otherwise than ``path``
    typed: tuple[Typed, ...] = ()  # URL words, searches; posted text at the second asking
    kind: Kind = Kind.UNKNOWN
    media_type: str = ""  # of the response, sniffed, "" while unknown
    size: int | None = None  # of the response, bytes
    file_type: str = ""  # canonical extension: "exe", "apk", "zip"; "" = none
    faults: tuple[str, ...] = ()  # builtin refusals found at the border: "bad-host", "raw-tunnel", "port", ...
    upgrade: str = ""  # "websocket" or ""
    asks_names: bool = False  # a question to a name server over HTTPS, by its form (core.doh)


class How(enum.StrEnum):
    """How a line of a list or a correction is meant."""

    LISTED = "listed"  # the name is of this category
    ADDED = "added"  # so says a correction
    REMOVED = "removed"  # it is not, says a correction
    EXCEPTED = "excepted"  # the list takes this name out of itself (adblock @@, RPZ passthru)
    REFUTED = "refuted"  # somebody looked: it is not what lists call it
    EVIDENCE = "evidence"  # what speaks for the name


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of one list, as the explaining index knows it."""

    name: str  # as matched: "casino.example", "host.example/path"
    category: str
    source: str  # "seed", "local", or a source of sources.yaml
    where: Where
    exact: bool = False  # True: only this very host (public suffixes)
    version: str = ""  # of the source's file, as it was fetched
    since: date | None = None  # the first day on which this source said so, as far as this gateway knows
    believed: bool = True  # False: said, and outweighed (core.trust)
    how: How = How.LISTED
    cleared: bool = False  # it does not hold for the name that was asked about: kept open, corrected, of one host only


class Match(NamedTuple):
    """A listed name that covers the request's host: the judging index's answer.

    A tuple, not a dataclass: some are made on every request, and this takes half the time.
    """

    name: str
    categories: frozenset[str]
    correction: bool = False  # the school's or district's own word about this entry
    removed: frozenset[str] = frozenset()  # categories a correction takes away from this name and below


class Index(Protocol):
    """Host and path to categories."""

    @property
    def version(self) -> str:
        """Content address of the index in force."""

    def match(self, host: str, path: str = "/") -> tuple[Match, ...]:
        """All listed names covering host (itself and parents, then host/path entries), most specific first."""

    def explain(self, match: Match, category: str) -> tuple[Entry, ...]:
        """Where the match comes from: source, file, line. May touch the disk; never called to allow."""


@dataclass(frozen=True, slots=True)
class Window:
    """A weekly window: days 0=Monday..6, local wall-clock; ``end <= start`` runs over midnight."""

    name: str
    days: frozenset[int]
    start: time
    end: time
    on: str = "any"  # any | school-days | holidays | exam-days


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a policy that can decide. ``digest`` binds a grant to its content, not to its position."""

    id: str  # "site:youtube.com/kids", "category:gambling", "unknown:page", "words:adult", "files:programs"
    action: Action
    where: Where
    times: tuple[tuple[str, Action], ...] = ()  # (window name, action); the first open window decides
    since: date | None = None
    until: date | None = None  # last day in force
    message: str = ""

    @property
    def digest(self) -> str:
        content = f"{self.id}|{self.action}|{self.times}|{self.since}|{self.until}"
        return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class SiteRule:
    """A rule for a host with all below it, or for a path prefix of it."""

    host: str
    rule: Rule
    path: str = ""  # "" = the whole host; else "/kids" covers /kids and /kids/...
    words: bool = True  # False: "words: off"
    exact: bool = False  # True: only this very host (a leading "=" in the file)


class Severity(enum.IntEnum):
    """How soon somebody at the school should look at what a person typed. ``OFF``: nobody is told."""

    OFF = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class WordRule:
    """What a topic's words do: on a page at a score of ``threshold``, on typed text at one hit.

    ``alert`` is no action: somebody is told (``core.alerting``), whatever the reader gets. In a single band file None
    means that the file says nothing, so that the file below it decides; in a complete band it means the default.
    """

    topic: str
    rule: Rule
    threshold: float = 3.0
    typed: Rule | None = None  # what typed text gets in place of ``rule``
    search: Rule | None = None  # what a search gets in place of ``typed``
    alert: Severity | None = None  # None = OFF
    alert_from: float | None = None  # the score of typed text at which somebody is told; None = 1

    def spoken(self, channel: Channel) -> Rule:
        """The rule for text of this channel."""
        typed = self.typed or self.rule
        if channel is Channel.SEARCH:
            return self.search or typed
        return typed if channel.typed else self.rule

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in (self.rule, self.typed, self.search) if rule is not None)


@dataclass(frozen=True, slots=True)
class FileRule:
    """Files by type (canonical extensions) and by size (bytes, None = any size)."""

    types: frozenset[str]
    rule: Rule
    over: int | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """School days, in the school's own time zone (IANA name, resolved by the caller of core.schedule)."""

    timezone: str
    school_days: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    holidays: frozenset[date] = frozenset()
    exam_days: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class SafeModes:
    """What a band asks of search engines: safe search, YouTube's Restricted Mode, image searches or none."""

    engines: bool = False
    youtube: str = "off"  # one of YOUTUBE_LEVELS
    thumbnails: bool = True  # False: no search for pictures, and no small pictures of one
    where: Where = Where("")


YOUTUBE_LEVELS = ("strict", "moderate", "off")

REGISTERS = ("young", "middle", "older", "staff")
"""How a page speaks: to a six-year-old, to a twelve-year-old, to a seventeen-year-old, to a grown-up."""


@dataclass(frozen=True, slots=True)
class Band:
    """A complete age band: the shipped defaults with the school's edits laid over them."""

    name: str
    title: str
    order: int  # 0 = the strictest (youngest); staff is the highest
    categories: Mapping[str, Rule]
    sites: Mapping[str, tuple[SiteRule, ...]]  # by host; longest path first
    words: Mapping[str, WordRule]
    files: tuple[FileRule, ...]
    windows: Mapping[str, Window]
    unknown_page: Rule
    unknown_part: Rule
    unknown_address: Rule  # IP literals
    undecodable: Rule
    messages: Mapping[str, str] = field(default_factory=dict)  # language -> the school's own sentence
    lenient: bool = False  # where no page can be shown: False = warn/limit refused, True = allowed and counted
    register: str = "older"  # how our pages speak to this band: one of REGISTERS
    languages: tuple[str, ...] = ()  # of our pages for this band, the first is the default; () = those of the site
    safe: SafeModes = SafeModes()


@dataclass(frozen=True, slots=True)
class Floor:
    """What no school can loosen. Only adds: categories and sites that are blocked in every band."""

    categories: Mapping[str, Rule]
    sites: Mapping[str, tuple[SiteRule, ...]]


@dataclass(frozen=True, slots=True)
class Protected:
    """A helpline or the gateway: host, or host/path on a shared platform."""

    host: str
    where: Where
    path: str = ""
    shipped: bool = True  # a school's own additions rank below the floor


@dataclass(frozen=True, slots=True)
class NoDecrypt:
    """A vendor whose connections pass undecrypted: exact host or, with ``below``, all under it."""

    host: str
    vendor: str
    reason: str
    where: Where
    below: bool = True


class Illegal(Protocol):
    """The member-only lists (IWF, police) in force: asked by keyed digests, never read (``core.member``)."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The operator's own short names of the lists."""

    def match(self, host: str, path: str, query: str) -> str:
        """The id of the list that names this address, "" for none."""

    def has_pages(self, host: str) -> bool:
        """True when single pages of this host are listed, which only an opened connection shows."""

    def knows(self, host: str) -> bool:
        """True when anything of this host is listed."""


@dataclass(frozen=True, slots=True)
class Policy:
    """All policies in force: one frozen value, made by ``stores.policies``, named by its content."""

    version: str
    bands: Mapping[str, Band]
    default_band: str
    floor: Floor
    protected: Mapping[str, tuple[Protected, ...]]
    no_decrypt: Mapping[str, NoDecrypt]
    calendar: Calendar
    ports: frozenset[int] = frozenset({80, 443})
    private_allowed: tuple[str, ...] = ()  # addresses, CIDRs and names site.yaml names
    gateway_names: frozenset[str] = frozenset()  # the gateway's own plain names
    illegal: Illegal | None = None  # step 1; put in by ``runtime.assemble``, so that no file ever holds it


@dataclass(frozen=True, slots=True)
class Grant:
    """A continued warning: lifts exactly one rule, for one person and site, until it ends."""

    person: str
    site: str
    digest: str  # Rule.digest
    until: float  # seconds of the clock ``decide`` is given


@dataclass(frozen=True, slots=True)
class Pass:
    """A teacher's word for a lesson: lifts exactly the rules it was issued for, on one site or for one category."""

    id: str
    digests: frozenset[str]  # Rule.digest of what it lifts, found when it was issued (core.lifting)
    until: float  # Unix seconds
    host: str = ""  # this host and all below it; "" = a category's pass, on every site
    path: str = ""  # with a host: only this path and below
    category: str = ""


@dataclass(frozen=True, slots=True)
class Exam:
    """Only these sites, until it ends. It opens nothing: what is on the list is judged as ever."""

    id: str
    sites: tuple[tuple[str, str], ...]  # (host and below, path and below; "" = the whole host)
    until: float  # Unix seconds


@dataclass(frozen=True, slots=True)
class Relax:
    """For the day it all goes wrong: everything is judged by its name only, until it ends."""

    id: str
    until: float  # Unix seconds
    by: str = ""
    reason: str = ""


class Grants(Protocol):
    """The worker's in-memory copy; ``decide`` gets it on every request. Only what is in force now is ever given."""

    def lifts(self, person: str, site: str, digest: str, now: datetime) -> Grant | None: ...

    def passes(self, identity: Identity, now: datetime) -> tuple[Pass, ...]:
        """The passes of this band, network or person; asked only where a rule forbids."""
        return ()

    def exam(self, identity: Identity, now: datetime) -> Exam | None:
        """The exam of this band or network, if one is on; asked on every request."""
        return None

    def relaxed(self, now: datetime) -> Relax | None:
        """The relaxation in force, if any; asked on every request."""
        return None


class Place(enum.StrEnum):
    """Where on a page a passage stands."""

    TITLE = "title"
    HEADING = "heading"
    LINK = "link"
    ALT = "alt"  # what is said in place of a picture or about a field
    META = "meta"
    BODY = "body"
    ADDRESS = "address"  # the words of a URL: no sentence


class Passage(NamedTuple):
    """Text with its place on a page."""

    text: str
    place: Place = Place.BODY


@dataclass(frozen=True, slots=True)
class Hit:
    """One phrase found, pointing back into the original text."""

    topic: str
    phrase: str  # as the list has it
    where: Where
    start: int  # offsets into the passage given to scan
    end: int
    excerpt: str  # the original text around it, at most 80 characters
    language: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class TopicScore:
    """What the words judge says about one topic in one text; ``hits`` weigh most first, at most five."""

    topic: str
    score: float
    language: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with its reason. The same value feeds the page, the log, the metrics and ``explain``."""

    action: Action
    capture: Capture
    band: str
    step: Step
    rule: str
    where: str
    evidence: str
    host: str  # the name that decided
    category: str = ""
    policy: str = ""  # Policy.version
    digest: str = ""  # of the rule, for grants
    message: str = ""
    site: str = ""  # registrable domain: what a grant is bound to
    reads_words: bool = False  # the second judge must be asked
    pending: bool = False  # page and part differ: the response's type decides
    reads_files: bool = False  # a file rule may speak once type or size are known
    protected: bool = False  # never recorded by person
    status: int = 403
    until: datetime | None = None  # when it opens again: for LIMIT, and in an exam its end
    lifted: bool = False  # a grant lifted a stricter rule
    lifted_by: str = ""  # the pass that did, by its id; "" = a warning this person continued
    within: str = ""  # the host in whose URL the name that decided stands; "" = it was asked for by name
    secret: bool = False  # a member-only list knows this host: what is kept names neither it nor a person

    @property
    def code(self) -> str:
        """The short code a pupil can read aloud: same facts and policy, same code. 8 letters of Crockford base 32."""
        facts = "|".join((self.policy, self.band, str(self.action), self.rule, self.where, self.host))
        raw = hashlib.blake2b(facts.encode(), digest_size=5).digest()
        text = base64.b32encode(raw).decode().translate(_CROCKFORD)
        return f"{text[:4]}-{text[4:]}"


_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
