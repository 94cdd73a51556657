"""What ``hedgerow serve`` does: put the box in order, open the sockets, run the supervisor until told to stop."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import socket
import stat
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http.server import ThreadingHTTPServer
from ipaddress import IPv6Address
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from hedgerow import supervisor_web
from hedgerow.runtime import Files, Sources, compile_files, save
from hedgerow.stores.ca import CAError, ensure_ca
from hedgerow.stores.damaged import put_aside
from hedgerow.stores.errors import PolicyError
from hedgerow.stores.kept_lists import KeptLists
from hedgerow.stores.lists import IndexFault
from hedgerow.stores.pass_facts import facts
from hedgerow.stores.record import Record, RecordError
from hedgerow.stores.report_facts import read_facts
from hedgerow.stores.shipped import shipped_version
from hedgerow.stores.site import Site
from hedgerow.stores.sources import Source
from hedgerow.stores.sources.facts import list_facts
from hedgerow.stores.state import State, StateError, prepare, running_path
from hedgerow.stores.vanished import Footing, footing, vanished
from hedgerow.supervisor import Beside, BuildRefused, Built, Plan, Supervisor, install_signals
from hedgerow.supervisor_box import Box
from hedgerow.supervisor_changes import WHO
from hedgerow.supervisor_house import keep_house, lasting, watch
from hedgerow.supervisor_member import MemberWatch
from hedgerow.supervisor_memory import processes
from hedgerow.supervisor_neighbours import watch_neighbours
from hedgerow.supervisor_notify import tell_systemd, teller
from hedgerow.supervisor_record import Keeper
from hedgerow.supervisor_selftest import EVERY_SECONDS, Tester, now_running, open_canaries, tell_running, tested
from hedgerow.supervisor_sockets import Bound, Listen, ListenError, close_all, open_sockets, open_unix
from hedgerow.supervisor_troubles import tell_troubles

PORTAL_COMMAND = (sys.executable, "-m", "hedgerow.portal.process")
_SOCKET, _ORIGIN = "portal.sock", "origin.sock"


class ServeError(Exception):
    """The gateway cannot start. The message says what to change."""


@dataclass(frozen=True, slots=True)
class Options:
    """The command line of ``hedgerow serve``."""

    sources: Sources
    state: Path
    listens: tuple[Listen, ...]
    workers: int
    metrics: tuple[str, int]
    upstream_ca: Path | None = None
    portal: Listen | None = None  # where the portal answers without the proxy; None = through the filter only
    selftest_every: float = EVERY_SECONDS  # 0: only when somebody asks


def serve(options: Options, say: Callable[[str], None] = print) -> None:
    """Run the gateway until SIGTERM. Raises ServeError with everything that is wrong, before any port is open."""
    try:
        state = prepare(options.state)
        ca = ensure_ca(state.ca)
    except (StateError, CAError) as error:
        raise ServeError(str(error)) from error
    with only_one(state), running_folder(options.state) as run_dir:
        box = Box(ca_expiry=ca.expires, grants=partial(facts, state.grants))
        if aside := put_aside(state.grants):
            say(f"{state.grants} was damaged: it lies in {aside.name}, and what was granted before is over")
        try:
            asyncio.run(_serve(options, state, run_dir, box, say))
        except (BuildRefused, ListenError) as error:
            raise ServeError(str(error)) from error


async def _serve(options: Options, state: State, run_dir: Path, box: Box, say: Callable[[str], None]) -> None:
    keeper = Keeper(state, options.sources, box)
    member = MemberWatch(Record(state.record), WHO)
    box.member = lambda: member.facts
    builder = Builder(options.sources, run_dir, keeper, member)
    first = await asyncio.to_thread(builder)  # a mistake in the files is told before a port is opened
    box.reports = lambda: read_facts(state.reports, builder.site, datetime.now(ZoneInfo(builder.site.timezone)))
    box.lists = lambda: list_facts(builder.list_sources, state.lists)
    sockets = open_sockets(options.listens, options.workers)
    open_canaries(run_dir, sockets)
    origin = open_unix(run_dir / _ORIGIN)
    metrics_dir = run_dir / "metrics"
    metrics_dir.mkdir(mode=0o700)
    web = _start_web(options, box, metrics_dir)
    portal = _portal(options, state, run_dir, metrics_dir, sockets[0])
    config = _config(options, state, metrics_dir, sockets, portal.sockets)
    own = {"portal": str(run_dir / _SOCKET), "canary": str(run_dir / _ORIGIN)}
    plan = Plan(sockets, {**config, **own}, run_dir, builder, portal=portal)
    supervisor = Supervisor(plan, box, first)
    box.processes = partial(processes, supervisor.slots, supervisor.portal)
    install_signals(supervisor)
    _announce(options, sockets, say)
    if told := nameless(options, builder.site):
        say(told)
    tasks = [asyncio.create_task(task) for task in _beside(options, state, supervisor, builder, keeper)]
    tester = Tester(box, state, run_dir, every=options.selftest_every)
    tasks += [asyncio.create_task(task) for task in tested(tester, box, origin)]
    tell_running(run_dir, now_running(options, _told(options)))
    keeper.happened(f"the gateway started with the policies {first.version}", **_told(options))
    try:
        await supervisor.run()
    finally:
        keeper.happened(f"the gateway stopped, it had the policies {box.version}")
        for task in tasks:
            task.cancel()
        web.shutdown()
        web.server_close()
        close_all([*sockets, portal.sockets, [origin]])


def _told(options: Options) -> dict[str, str]:
    """What the command line said, for the record."""
    folders = {"policies": options.sources.school, "blocklists": options.sources.blocklists}
    given = {"listens": options.listens, "portal": options.portal, "upstream_ca": options.upstream_ca}
    return {name: str(value) for name, value in {**folders, **given, "workers": options.workers}.items()}


def _portal(options: Options, state: State, run_dir: Path, metrics_dir: Path, bound: Sequence[Bound]) -> Beside:
    """The portal's sockets: one the workers relay to, and those of ``--portal``. Raises ListenError."""
    plain = open_sockets([options.portal], 1)[0] if options.portal else []
    config = {
        "state": str(state.root.resolve()),
        "metrics_dir": str(metrics_dir),
        "policies": str(options.sources.school.resolve()),
        "proxies": [one.socket.getsockname()[:2] for one in bound if one.mode == "regular"],
    }
    return Beside([open_unix(run_dir / _SOCKET), *plain], config, PORTAL_COMMAND)


def _beside(
    options: Options, state: State, supervisor: Supervisor, builder: Builder, keeper: Keeper
) -> Iterator[Coroutine[None, None, None]]:
    """What runs as long as the supervisor, and is begun again when it ends."""
    sources = options.sources
    folders = {sources.shipped, sources.school, sources.blocklists, sources.shipped_lists}
    folders |= {sources.index, state.member}
    yield lasting("watch", supervisor.box, lambda: watch(folders, supervisor.reload, supervisor.box))
    days, chores = lambda: builder.keep_days, keeper.chores
    yield lasting("housekeeping", supervisor.box, lambda: keep_house(state, supervisor, days, chores))
    yield lasting("neighbours", supervisor.box, lambda: watch_neighbours(supervisor.box, lambda: builder.site))
    yield lasting("troubles", supervisor.box, lambda: tell_troubles(supervisor, state.root))
    if tell := teller():
        yield tell_systemd(supervisor.box, tell)


def _start_web(options: Options, box: Box, metrics_dir: Path) -> ThreadingHTTPServer:
    try:
        return supervisor_web.start(*options.metrics, box, str(metrics_dir))
    except (OSError, ValueError) as error:
        raise ListenError(f"--metrics {options.metrics[0]}:{options.metrics[1]}: {error}") from error


def _config(
    options: Options, state: State, metrics_dir: Path, sockets: Sequence[Sequence[Bound]], portal: Sequence[Bound]
) -> dict[str, object]:
    inet = [bound.socket for bound in (*sockets[0], *portal) if bound.socket.family is not socket.AF_UNIX]
    ports = {sock.getsockname()[1] for sock in inet} | {options.metrics[1]}
    return {
        "state": str(state.root.resolve()),
        "upstream_ca": str(options.upstream_ca.resolve()) if options.upstream_ca else "",
        "metrics_dir": str(metrics_dir),
        "own_ports": sorted(ports),
        "own_addresses": sorted(own_addresses()),
    }


def own_addresses() -> frozenset[str]:
    """This machine's addresses, public ones too: the gateway never dials its own ports. Linux only; else empty."""
    found: set[str] = set()
    try:
        routes = Path("/proc/net/fib_trie").read_text().splitlines()
        found.update(above.split()[-1] for above, line in pairwise(routes) if "/32 host LOCAL" in line)
        inet6 = Path("/proc/net/if_inet6").read_text().split("\n")
        found.update(str(IPv6Address(bytes.fromhex(line.split()[0]))) for line in inet6 if line)
    except OSError:  # no procfs, or IPv6 is off
        pass
    return frozenset(found)


def _announce(options: Options, sockets: Sequence[Sequence[Bound]], say: Callable[[str], None]) -> None:
    for bound in sockets[0][:-1]:  # the last is the test clients'
        say(f"listening on {bound.address} ({bound.mode}), {len(sockets)} workers")
    host, port = options.metrics
    if options.portal:
        say(f"portal on http://{options.portal.reachable}/")
    say(f"metrics on http://{f'[{host}]' if ':' in host else host}:{port}/metrics")


def nameless(options: Options, site: Site) -> str:
    """A warning for redirected devices at a school that named no name of the gateway's; "" when all is well."""
    if site.gateway_names or all(listen.mode != "transparent" for listen in options.listens):
        return ""
    return (
        "warning: site.yaml names no gateway: {names: [...]}, so on redirected devices the buttons and forms of our "
        "pages stand on the blocked site's own address; once that site passes unread (relax, the end of an exam), "
        "what a child writes there goes to the site"
    )


class Builder:
    """Compiles all files into one that workers load; remembers what is in force, and how long the log is kept."""

    def __init__(
        self, sources: Sources, run_dir: Path, keeper: Keeper | None = None, member: MemberWatch | None = None
    ) -> None:
        self.keep_days, self.site = 30.0, Site()
        self.list_sources: tuple[Source, ...] = ()
        self._keeper, self._member = keeper, member
        self._sources, self._run_dir, self._lists = sources, run_dir, KeptLists()
        self._standing: Footing | None = None

    def __call__(self) -> Built:
        """Raises BuildRefused with every mistake of every file, or with what was in force and is gone.

        What cannot be read or written just now is no mistake: the refusal says that it may pass.
        """
        try:
            files, path = self._made()
            shipped = shipped_version(self._sources.shipped)
        except RecordError as error:
            raise BuildRefused(str(error), passing=True) from error
        except (PolicyError, IndexFault) as error:
            raise BuildRefused(str(error)) from error
        except OSError as error:
            raise BuildRefused(f"{error.filename}: {error.strerror}", passing=True) from error
        self.keep_days, self.site = float(files.site.privacy.keep_days), files.site
        self.list_sources = files.list_sources
        return Built(files.version, path, files.index.name, files.listed, shipped)

    def _made(self) -> tuple[Files, Path]:
        """The files, recorded, and where they lie for the workers."""
        looked = self._keeper.look() if self._keeper else {}
        files = compile_files(self._sources, self._lists)
        self._compare(files)
        if self._member:
            self._member.look(files)
        if self._keeper:
            self._keeper.tell(looked, files)
        return files, save(files, self._run_dir)

    def _compare(self, files: Files) -> None:
        """Remember what the files stand on. Raises PolicyError when something of it was there before and is gone."""
        now = footing(self._sources.shipped, self._sources.school, files.phrases, files.report.names)
        if self._standing is not None and (gone := vanished(self._standing, now)):
            raise PolicyError(gone)
        self._standing = now


@contextmanager
def only_one(state: State) -> Iterator[None]:
    """Hold the state folder's lock; the file tells ``hedgerow up --stop`` whom to ask. Raises ServeError."""
    descriptor = os.open(state.pid, os.O_CREAT | os.O_RDWR, 0o600)
    with open(descriptor, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            running = file.read().strip()
            raise ServeError(f"{state.root}: process {running} already serves from this state folder") from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)  # not removed: whoever waits for the lock waits for this very file


@contextmanager
def running_folder(state: Path) -> Iterator[Path]:
    """A folder that lives as long as the service (``running_path``); emptied at start.

    Policies name helplines and the school's networks: outside the state folder they are in no backup.
    """
    folder = running_path(state, os.geteuid())
    _clear(folder)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clear(folder: Path) -> None:
    if not os.path.lexists(folder):
        return
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise ServeError(f"{folder} belongs to somebody else; remove it")
    shutil.rmtree(folder)
