"""One request to the portal, with all that its answer is made from: taken once, so that no page mixes two versions."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

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

    def query(self, name: str, limit: int = 200) -> str:
        """A value of the query, cut; "" when there is none."""
        return self.request.query_params.get(name, "")[:limit]

    def path(self, name: str = "", **values: str) -> str:
        """Where a page of the portal stands on this very origin, in the language being read."""
        chosen = {"lang": self.language} if self.query("lang") == self.language else {}
        query = urlencode({**chosen, **{key: value for key, value in values.items() if value}})
        return f"{PREFIX}/{name}" + (f"?{query}" if query else "")


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
