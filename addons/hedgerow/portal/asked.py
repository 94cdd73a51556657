"""One request to the portal, with all that its answer is made from: taken once, so that no page mixes two versions."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from hedgerow.core.hosts import HostError, canonical_host
from hedgerow.portal.house import House, Shown
from hedgerow.portal.who import Who
from hedgerow.stores.messages import LANGUAGES, Texts

PREFIX = "/.well-known/hedgerow"
"""Below it on any site's origin; on the portal's own names the same paths stand at the root too."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The request, who sent it, and in which language they are answered."""

    request: Request
    house: House
    shown: Shown
    who: Who
    language: str
    banner: str = ""

    @property
    def texts(self) -> Texts:
        return self.shown.texts(self.language)

    @property
    def register(self) -> str:
        """How the reader is spoken to: by the age of their band."""
        return self.shown.registers.get(self.who.band, "older")

    def say(self, key: str) -> str:
        """The sentence in the reader's language and register. Raises KeyError for a key no file has."""
        return self.texts.get(key, self.register)

    @property
    def site(self) -> str:
        """The site on whose origin the page stands; "" on the portal's own address."""
        return "" if self.who.host in self.shown.gateway_names else self.who.host

    @property
    def elsewhere(self) -> str:
        """The portal's own address, while this page stands on a site's origin and its reader could be there; else "".

        What is written below a site's origin goes to the site as soon as the site passes unread.
        """
        return self.who.own if self.site else ""

    def about(self, said: str = "") -> str:
        """The site a report is about: where the page stands, else what the link or form ``said``. Never a proof."""
        if self.site:
            return self.site
        try:
            host = canonical_host(said or self.query("site", 300))
        except HostError:
            return ""
        return "" if host in self.shown.gateway_names else host

    def query(self, name: str, limit: int = 200) -> str:
        """A value of the query, cut; "" when there is none."""
        return self.request.query_params.get(name, "")[:limit]

    def path(self, name: str = "", **values: str) -> str:
        """Where a page of the portal stands, in the language being read: on our own name, or on this very origin."""
        chosen = {"lang": self.language} if self.query("lang") == self.language else {}
        query = urlencode({**chosen, **{key: value for key, value in values.items() if value}})
        return self.under(f"{name}?{query}" if query else name)

    def under(self, path: str) -> str:
        """The same page of the portal under its own name where the reader can be led to it, else on this origin."""
        return f"{self.elsewhere}{path}" if self.elsewhere else f"{PREFIX}/{path}"


def language_of(request: Request, who: Who, shown: Shown) -> str:
    """What was chosen on the page, else what the worker understood, else the school's first."""
    wished = request.query_params.get("lang", "")
    if wished in LANGUAGES:
        return wished
    if who.language in LANGUAGES:
        return who.language
    return _accepted(request.headers.get("accept-language", ""), shown.site.languages)


def _accepted(header: str, offered: tuple[str, ...]) -> str:
    """The first language named that the school offers: over TCP no worker has chosen one."""
    wanted = [part.partition(";")[0].partition("-")[0].strip().lower() for part in header[:512].split(",")]
    return next((language for language in wanted if language in offered), offered[0])
