"""A portal without a gateway round it: the real application over real stores, asked as a worker or over TCP."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import httpx

from hedgerow import runtime
from hedgerow.portal.app import make
from hedgerow.portal.house import House, open_house
from hedgerow.stores.ca import ensure_ca
from hedgerow.stores.state import prepare
from tests.shipped import ROOT

PREFIX = "/.well-known/hedgerow"
SITE = """school: "Trường Hoa Phượng"
timezone: Asia/Ho_Chi_Minh
languages: [vi, en, kk]
contact: {en: "Room 12, Mr Minh"}
networks:
  pupils: {addresses: [10.20.8.0/24], band: ages-8-10}
place: {country: VN, province: "Lào Cai"}
reports: {wrongly-blocked: ["desk:IT"], harmful: ["desk:Lead"], help: ["desk:Lead"], hurt: ["desk:Lead"]}
gateway: {names: [hedgerow.school.test]}
"""
PUPIL: Mapping[str, str] = {
    "key": "10.20.8.9",
    "band": "ages-8-10",
    "network": "pupils",
    "language": "en",
    "host": "blocked.test",
    "scheme": "https",
    "own": "",
    "at": "10.20.0.1",
}


def house(folder: Path, site: str = SITE) -> House:
    """Everything as ``hedgerow serve`` would make it for this school."""
    school = folder / "local"
    school.mkdir(exist_ok=True)
    (school / "site.yaml").write_text(site)
    lists = ROOT / "blocklists"
    files = runtime.compile_files(runtime.Sources(ROOT / "policies", school, lists, lists, folder / "index"))
    state = prepare(folder / "state")
    ensure_ca(state.ca, files.site.school)
    return open_house(state.root, runtime.save(files, folder), school, (("0.0.0.0", 8080),))


def header(**changes: str) -> dict[str, str]:
    """What a worker writes about who asks."""
    told = base64.urlsafe_b64encode(json.dumps({**PUPIL, **changes}).encode()).decode()
    return {"x-hedgerow-who": told}


class Browser:
    """Asks as one person, on one origin. Not ``relayed``: over TCP, from the address ``key``."""

    def __init__(self, made: House, relayed: bool = True, **who: str) -> None:
        told = {**PUPIL, **({} if relayed else {"host": "10.20.0.1:8000", "scheme": "http"}), **who}
        self.transport = httpx.ASGITransport(make(made, relayed), False, client=(told["key"], 40000))
        self.base = f"{told['scheme']}://{told['host']}"
        self.headers = header(**who) if relayed else {}

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, fields: Mapping[str, str] | str, **headers: str) -> httpx.Response:
        body = fields if isinstance(fields, str) else urlencode(fields)
        return self.ask("POST", path, body, {"content_type": "application/x-www-form-urlencoded", **headers})

    def ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> httpx.Response:
        """One request; underscores in a header's name stand for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def asked() -> httpx.Response:
            async with httpx.AsyncClient(transport=self.transport, base_url=self.base) as client:
                return await client.request(method, path, content=body, headers={**self.headers, **named})

        with ThreadPoolExecutor(1) as thread:  # a test that drives Chromium has a loop of its own running
            return thread.submit(lambda: asyncio.run(asked())).result()

    def report(self, kind: str, text: str = "", **fields: str) -> httpx.Response:
        """Open the form of a kind and send it."""
        page = self.get(f"{PREFIX}/report?kind={kind}")
        return self.post(f"{PREFIX}/report", {**hidden(page), "text": text, **fields})


def hidden(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of a page's form."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))


def code_on(page: httpx.Response) -> str:
    """The code a page shows, "" when it shows none."""
    found = re.search(r'<p class="code" dir="ltr">([0-9A-Z-]+)</p>', page.text)
    return found[1] if found else ""
