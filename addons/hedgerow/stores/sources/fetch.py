"""One file over HTTP: asked for only if it changed, gone on with where it broke off, in bounded time and size.

Conditional requests and ranges: RFC 9110, 13 and 14. Nothing but the address and the version held is told to a server:
no cookies, no school; the name is Hedgerow's.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Self

import httpx

from hedgerow.stores.sources.faults import NotFetched, NotTaken
from hedgerow.stores.sources.meta import FileFacts
from hedgerow.stores.sources.reach import Way, addresses, checked_url
from hedgerow.stores.state import belong, write_whole

_HEADERS = {"user-agent": "Hedgerow", "accept": "*/*", "accept-encoding": "identity"}
_MOVED = (301, 302, 303, 307, 308)
_LATER = (408, 425, 429, 500, 502, 503, 504)
_LONGEST_WAIT = 60.0
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)", re.ASCII)

Progress = Callable[[int, int | None], None]
"""Told of bytes that are here, and of how many there will be (None: nobody says)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and counts that bound one file."""

    connect: float = 10.0
    read: float = 30.0  # between two pieces
    total: float = 900.0  # everything, with all tries
    tries: int = 4
    pause: float = 1.0  # before the second try, then twice as long each time
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Got:
    """What came: ``path`` is whole as far as HTTP tells."""

    path: Path
    etag: str
    modified: str


class Fetcher:
    """A client for as long as it is entered."""

    def __init__(self, way: Way = Way(), limits: Limits = Limits()) -> None:  # noqa: B008
        self._way, self._limits = way, limits
        self._gone: dict[str, NotFetched] = {}  # hosts that no try reached: forty files need not wait for each try
        context = ssl.create_default_context()
        if way.ca is not None:
            context.load_verify_locations(way.ca)
        self._client = httpx.AsyncClient(
            verify=context,
            timeout=httpx.Timeout(limits.read, connect=limits.connect),
            limits=httpx.Limits(max_keepalive_connections=0),  # a kept one is the address's, not the name's
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            trust_env=False,
            proxy=way.proxy or None,
            follow_redirects=False,
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._client.aclose()

    async def get(
        self, url: str, path: Path, known: FileFacts | None, most: int, progress: Progress = lambda done, whole: None
    ) -> Got | None:
        """Fetch ``url`` into ``path``; None when it is still what ``known`` says.

        Raises NotFetched when it cannot be had, NotTaken when it has more than ``most`` bytes, OSError of the disk.
        """
        if gone := self._gone.get(_host(url)):
            raise gone
        part = _Part(path, url)
        try:
            async with asyncio.timeout(self._limits.total):
                return await self._tried(part, known, most, progress)
        except TimeoutError:
            raise NotFetched(f"did not end within {self._limits.total:.0f} seconds") from None

    async def _tried(self, part: _Part, known: FileFacts | None, most: int, progress: Progress) -> Got | None:
        """Several tries, the pause doubled and shaken, so that a thousand schools do not come back at once."""
        for last, pause in enumerate(self._pauses(), 1 - self._limits.tries):
            try:
                return await self._once(part, known, most, progress)
            except NotFetched as error:
                if not error.again or not last:
                    self._gone |= {error.nobody: error} if error.nobody else {}
                    raise
                wait = max(min(error.wait, _LONGEST_WAIT), pause)
            await asyncio.sleep(wait)
        raise NotFetched("was not tried")

    def _pauses(self) -> list[float]:
        return [self._limits.pause * 2**n * random.uniform(0.5, 1.5) for n in range(self._limits.tries)]

    async def _once(self, part: _Part, known: FileFacts | None, most: int, progress: Progress) -> Got | None:
        headers = part.wanted() or _conditions(known)
        try:
            async with self._followed(httpx.URL(part.url), headers) as answer:
                if answer.status_code == 304:
                    return None
                self._right(answer, part)
                return await _stored(answer, part, most, progress)
        except httpx.InvalidURL as error:
            raise NotFetched(f"no address: {error}") from error
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotFetched(_why(error), again=True, nobody=error.request.extensions["sni_hostname"]) from error
        except httpx.TransportError as error:
            raise NotFetched(_why(error), again=True) from error

    @asynccontextmanager
    async def _followed(self, url: httpx.URL, headers: dict[str, str]) -> AsyncIterator[httpx.Response]:
        """The answer at the end of at most five redirects, each checked like the first address."""
        before: httpx.URL | None = None
        for _ in range(self._limits.redirects + 1):
            checked_url(url, before)
            async with self._asked(url, headers) as answer:
                if answer.status_code not in _MOVED:
                    yield answer
                    return
                before, url = url, url.join(answer.headers.get("location", ""))
        raise NotFetched(f"more than {self._limits.redirects} redirects")

    @asynccontextmanager
    async def _asked(self, url: httpx.URL, headers: dict[str, str]) -> AsyncIterator[httpx.Response]:
        """Every checked address is dialled until one takes the connection; the certificate is the name's."""
        found = await addresses(url, self._way)
        request = {**_HEADERS, **headers, "host": url.netloc.decode("ascii")}
        targets = [url.copy_with(host=address) for address in found] or [url]
        for last, target in enumerate(targets, 1 - len(targets)):
            built = self._client.build_request("GET", target, headers=request, extensions={"sni_hostname": url.host})
            try:
                answer = await self._client.send(built, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if not last:
                    raise
                continue
            try:
                yield answer
            finally:
                await answer.aclose()
            return

    @staticmethod
    def _right(answer: httpx.Response, part: _Part) -> None:
        """Raises NotFetched unless the answer brings the file, whole or the rest of it."""
        status = answer.status_code
        if status in _LATER:
            after = answer.headers.get("retry-after", "")
            raise NotFetched(f"the server answered {status}", True, float(after) if after.isdecimal() else 0.0)
        if status == 416:
            part.drop()
            raise NotFetched("the server has no such rest of the file", again=True)
        if status not in (200, 206):
            raise NotFetched(f"the server answered {status}")
        if answer.headers.get("content-encoding", "identity") not in ("identity", "gzip", "x-gzip"):
            raise NotFetched(f"came packed as {answer.headers['content-encoding'][:20]!r}, which nobody asked for")
        if status == 206 and not part.goes_on(answer.headers.get("content-range", "")):
            part.drop()
            raise NotFetched("the server sent another part than the one asked for", again=True)


class _Part:
    """A file that is not whole yet, and beside it of which version it is the beginning."""

    def __init__(self, path: Path, url: str) -> None:
        self.path, self.url = path, url
        self.partial, self._note = path.with_name(f"{path.name}.part"), path.with_name(f"{path.name}.part.json")

    @property
    def size(self) -> int:
        return self.partial.stat().st_size if self.partial.exists() else 0

    def wanted(self) -> dict[str, str]:
        """Headers that ask for the rest; nothing when there is no beginning, or none of a version known by name."""
        try:
            note = json.loads(self._note.read_bytes())
            if note["url"] == self.url and note["validator"] and self.size:
                return {"range": f"bytes={self.size}-", "if-range": str(note["validator"])}
        except (OSError, ValueError, TypeError, KeyError):
            pass
        self.drop()
        return {}

    def begin(self, etag: str, modified: str) -> None:
        """A weak ETag does not name bytes (RFC 9110, 13.1.5)."""
        self.drop()
        validator = etag if etag and not etag.startswith("W/") else modified
        write_whole(self._note, json.dumps({"url": self.url, "validator": validator}).encode())
        self.partial.touch(mode=0o600)
        for path in (self._note, self.partial):
            belong(path)

    def goes_on(self, content_range: str) -> bool:
        found = _RANGE.fullmatch(content_range)
        return found is not None and int(found[1]) == self.size

    def drop(self) -> None:
        self.partial.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def done(self) -> None:
        self.partial.replace(self.path)
        self._note.unlink(missing_ok=True)


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host
    except httpx.InvalidURL:
        return ""  # told when it is asked for


def _conditions(known: FileFacts | None) -> dict[str, str]:
    if known is None:
        return {}
    asked = {"if-none-match": known.etag, "if-modified-since": known.modified}
    return {name: value for name, value in asked.items() if value}


async def _stored(answer: httpx.Response, part: _Part, most: int, progress: Progress) -> Got:
    etag, modified = answer.headers.get("etag", "")[:200], answer.headers.get("last-modified", "")[:100]
    if answer.status_code == 200:
        part.begin(etag, modified)
    here, whole = part.size, _whole(answer)
    with part.partial.open("ab") as file:
        progress(here, whole)
        async for piece in answer.aiter_raw():
            here += len(piece)
            if here > most or (whole or 0) > most:
                part.drop()
                raise NotTaken(f"is larger than {most // 1000:,} KB, the most this source may have")
            file.write(piece)
            progress(here, whole)
    if whole is not None and here != whole:
        raise NotFetched(f"broke off after {here} of {whole} bytes", again=True)
    part.done()
    return Got(part.path, etag, modified)


def _whole(answer: httpx.Response) -> int | None:
    """How many bytes the file has, where the answer says so."""
    if found := _RANGE.fullmatch(answer.headers.get("content-range", "")):
        return int(found[2]) if found[2].isdecimal() else None
    length = answer.headers.get("content-length", "")
    return int(length) if length.isdecimal() else None


def _why(error: httpx.TransportError) -> str:
    match error:
        case httpx.ConnectTimeout():
            return "no connection in time"
        case httpx.TimeoutException():
            return "the server fell silent"
        case httpx.RemoteProtocolError():
            return "the connection broke off"
        case httpx.ProxyError():
            return f"the proxy refused: {error}"
    return str(error) or type(error).__name__
