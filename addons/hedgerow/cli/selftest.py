"""What ``hedgerow up`` shows at the end: one request that is blocked and one that is allowed, by the running gateway.

The blocked one contacts nobody. The allowed one needs the internet: it asks for a page that devices use to find out
whether they are online. Without internet the same is shown by a copy of the gateway in a network namespace of its
own, with an origin of its own (``cli.isolated``); the text says which of the two it was.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from hedgerow.cli import isolated
from hedgerow.cli.common import Place
from hedgerow.core.model import Action, Identity, Kind, Name, NameSource, Request
from hedgerow.core.policy import decide
from hedgerow.runtime import Snapshot
from hedgerow.supervisor_serve import Options
from hedgerow.supervisor_sockets import Listen

Say = Callable[[str], None]

ONLINE_CHECKS = (
    "http://captive.apple.com/hotspot-detect.html",
    "http://connectivitycheck.gstatic.com/generate_204",
    "http://www.msftconnecttest.com/connecttest.txt",
    "http://detectportal.firefox.com/success.txt",
)
"""Pages that answer in plain HTTP for exactly this purpose (Apple, Google, Microsoft, Mozilla)."""
_SHOWN = ("gambling", "proxy-vpn", "drugs", "adult", "games", "social")
_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")
_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway answered: ``action`` and ``code`` are "" when the answer is the site's own."""

    status: int
    action: str = ""
    code: str = ""


def show(place: Place, options: Options, say: Say) -> bool:
    """Say what one blocked and one allowed request met. False when one of them met something else."""
    say("Self-test:")
    listen = next((one for one in options.listens if one.mode == "regular"), None)
    snapshot = place.snapshot()
    if listen is None:
        say("  only redirected clients are served here, so a copy of the gateway shows it:")
        return isolated.show(place, say)
    blocked = _show_blocked(place, snapshot, listen, say)
    allowed = _show_allowed(snapshot, listen, say)
    if allowed is None:
        say("  no site answers, so the allowed one is shown by a copy of the gateway on a network of its own:")
        allowed = isolated.show(place, say)
    return blocked and allowed


def _show_blocked(place: Place, snapshot: Snapshot, listen: Listen, say: Say) -> bool:
    url = next(blocked_urls(place, snapshot), None)
    if url is None:
        say("  nothing is blocked: no list names a site that the strictest band blocks")
        return False
    answer = ask(listen, url)
    fine = answer is not None and answer.status == 403 and answer.action == str(Action.BLOCK)
    say(f"  {url:48} {_told(answer)}{'' if fine else '   expected: blocked'}")
    return fine


def _show_allowed(snapshot: Snapshot, listen: Listen, say: Say) -> bool | None:
    """True when an allowed page came, None when none of them could be reached."""
    for url in ONLINE_CHECKS:
        if _decided(snapshot, url).forbids:
            continue
        answer = ask(listen, url)
        if answer is not None and not answer.action and answer.status < 400:
            say(f"  {url:48} {_told(answer)}")
            return True
        if answer is None or answer.status == 504:
            break  # no way out: the next one would only take as long
    return None


def blocked_urls(place: Place, snapshot: Snapshot) -> Iterator[str]:
    """Addresses out of the lists that the strictest band blocks, the harmless to name first."""
    for category in _SHOWN:
        for host in _plain(place, category):
            if _decided(snapshot, f"http://{host}/") is Action.BLOCK:
                yield f"http://{host}/"


def allowed_hosts(place: Place, snapshot: Snapshot) -> Iterator[str]:
    """Names that the strictest band opens: by a rule of its own, else by the list of education."""
    band = snapshot.policy.bands[snapshot.policy.default_band]
    for host in (*band.sites, *_plain(place, "education")):
        if _decided(snapshot, f"https://{host}/") is Action.ALLOW:
            yield host


def _plain(place: Place, category: str) -> Iterator[str]:
    """The plain host names of a seed list: no paths, no patterns."""
    path = place.blocklists / "seed" / f"{category}.txt"
    for line in path.read_text().splitlines() if path.exists() else ():
        host = line.partition("#")[0].strip()
        if host and "." in host and set(host) <= _NAME:
            yield host


def _decided(snapshot: Snapshot, url: str) -> Action:
    scheme, _, host, path = url.split("/", 3)
    port = 443 if scheme == "https:" else 80
    request = Request((Name(NameSource.HOST, host),), scheme=scheme[:-1], port=port, path=f"/{path}", kind=Kind.PAGE)
    identity = snapshot.identities.resolve("127.0.0.1")
    now = datetime.now(snapshot.zone)
    return decide(request, Identity(identity.key, identity.band), snapshot.policy, snapshot.index, now).action


def ask(listen: Listen, url: str) -> Answer | None:
    """Ask for ``url`` by the gateway, as a device with a proxy setting does. None when it does not answer."""
    connection = http.client.HTTPConnection(listen.reachable, timeout=_SECONDS)
    try:
        connection.request("GET", url, headers={"Host": url.split("/")[2], "Connection": "close"})
        response = connection.getresponse()
        response.read()
        return Answer(response.status, *(response.getheader(f"X-Hedgerow-{n}", "") for n in ("Action", "Code")))
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _told(answer: Answer | None) -> str:
    if answer is None:
        return "no answer"
    if answer.action:
        return f"{answer.action} ({answer.status}, code {answer.code})"
    return f"allowed ({answer.status} from the site itself)"


def confirm_by_telephone(place: Place, say: Say) -> None:
    """Name the helplines of the school's place that nobody has called yet."""
    lines = [line for line in place.snapshot().helplines if line.status != "confirmed"]
    if not lines:
        return
    say("Please call these helplines once; then write `status: confirmed` into policies/local/helplines:")
    for line in lines:
        reached, hours = line.number or line.text or line.qr, line.hours or "hours unknown: ask"
        say(f"  {reached:18} {line.name}   ({hours}; {line.source})")
