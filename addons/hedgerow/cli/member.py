"""``hedgerow lists member``: lists that only members may have (IWF, police). Put in, tested, taken out; never shown."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.common import Failure, Place, acting, as_json, placed, print_json, print_lines
from hedgerow.core.member import Tested, request
from hedgerow.core.member_forms import EntryError, listed
from hedgerow.core.model import Capture
from hedgerow.runtime import Files
from hedgerow.stores.dumps import forbid
from hedgerow.stores.errors import PolicyError
from hedgerow.stores.member import (
    MOST_LISTS,
    Held,
    MemberError,
    SealedLists,
    keyed,
    legal_id,
    matcher,
    new_secret,
    put,
    read,
    take_out,
    unseal,
)
from hedgerow.stores.member_reading import Reading, held, read_list, sound
from hedgerow.stores.member_record import KIND, lies_where_it_is_kept, must_stand, put_in, taken_out, tested
from hedgerow.stores.record import Record
from hedgerow.stores.record_promise import promised
from hedgerow.stores.state import State, key, prepare
from hedgerow.supervisor_member import run_tests

_SHOWN = 20
_DAY = 86_400.0
by_option = click.option("--by", required=True, help="Who says so: your name, for the change record.")


@click.group()
def member() -> None:
    """Lists that only members may have (IWF, police): step 1 of every verdict, in every band; never shown."""


@member.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@click.option("--id", "name", required=True, help="Your short name of the list: iwf. The same again replaces it.")
@click.option("--test-url", required=True, help="The address on the list that its publisher keeps for tests.")
@click.option("--smaller", is_flag=True, help="It is right that less than half of what is in force is left.")
@by_option
@as_json
@placed
def add(place: Place, file: Path, name: str, test_url: str, smaller: bool, by: str, as_json: bool) -> int:
    """Put in the list in FILE (- is standard input): URLs, hosts or *.host, one a line. FILE is not kept.

    Sealed digests are kept, in force within two seconds where the gateway runs. Lines that cannot be read are told by
    number. Exit 1 when there are any.
    """
    forbid()
    if not legal_id(name):
        raise Failure(f"--id {name!r}: small letters, digits and hyphens expected, such as iwf; at most 32")
    folders = (place.policies, place.blocklists, place.state)
    if str(file) != "-" and lies_where_it_is_kept(file, folders):
        raise Failure("FILE lies in a folder of Hedgerow's, where files are watched, recorded and copied: move it away")
    state = prepare(place.state)
    before, found = _before(state, name), _read(file, state)
    sound(found, before, smaller)
    made = held(found, name, time.time(), by, test_url)
    _check_test(made, state)
    with promised(Record(state.record)) as promises:
        what, detail = put_in(made, before)
        promises.append(KIND, acting(by), what, "", detail)
        put(state, made)
    if as_json:
        print_json({**_row(made), "bad_lines": found.bad})
    else:
        print_lines(_told(made, found, file))
    return FOUND if found.bad else FINE


@member.command("list")
@as_json
@placed
def list_(place: Place, as_json: bool) -> int:
    """Say which lists there are: entries, when and by whom put in, self-test. Exit 1 when one is gone or fails."""
    lists, state = _lists(place), State(place.state)
    opened = lists.open()
    gone = set(must_stand(Record(state.record).entries())) - {one.id for one in opened}
    results = {one.id: one.passed for one in _results(place, opened)}
    rows = [{**_row(one), "selftest": _word(results.get(one.id))} for one in opened]
    rows += [{"id": name, "entries": 0, "selftest": "gone"} for name in sorted(gone)]
    if as_json:
        print_json(rows)
    else:
        print_lines(map(_line, rows))
        if not rows:
            click.echo("no member-only list is in force", err=True)
    return FOUND if gone or not all(results.values()) else FINE


@member.command()
@click.argument("name", metavar="[ID]", required=False)
@as_json
@placed
def test(place: Place, name: str | None, as_json: bool) -> int:
    """Ask for each list's test address as every band would, by the files as they are. Exit 1 when one is not closed."""
    forbid()
    lists = _lists(place)
    chosen = tuple(one for one in lists.open() if name in (None, one.id))
    if name is not None and not chosen:
        raise Failure(f"there is no member-only list {name!r}", FOUND)
    files = place.files()
    results = run_tests(files, chosen)
    _record_failures(State(place.state), results)
    rows = [{"id": one.id, "passed": one.passed, "bands": dict(one.bands)} for one in results]
    blind = blind_spots(files, chosen)
    if as_json:
        print_json({"lists": rows, "notes": blind})
    else:
        for one in results:
            print_lines(f"{'pass' if passed else 'FAIL'}  {one.id}  {band}" for band, passed in one.bands.items())
        print_lines(f"note: {note}" for note in blind)
        if not results:
            click.echo("no member-only list is in force", err=True)
    return FINE if all(one.passed for one in results) else FOUND


@member.command()
@click.argument("name", metavar="ID")
@click.option("--reason", required=True, help="Why, for the change record.")
@by_option
@as_json
@placed
def remove(place: Place, name: str, reason: str, by: str, as_json: bool) -> None:
    """Take a list out, also one that is damaged or whose file is gone. It is recorded, with the reason."""
    state = prepare(place.state)
    record = Record(state.record)
    there = {one.id for one in read(state).lists}
    if name not in there | set(must_stand(record.entries())):
        raise Failure(f"there is no member-only list {name!r}", FOUND)
    with promised(record) as promises:
        what, detail = taken_out(name, _before(state, name, damaged=True))
        promises.append(KIND, acting(by), what, reason, detail)
        take_out(state, name)
    if as_json:
        print_json({"id": name, "removed": True})
    else:
        print_lines([f"{what}; it no longer closes anything within two seconds"])


def _before(state: State, name: str, damaged: bool = False) -> Held | None:
    """The list of this id that is in force. A damaged one is replaced as one whose content is not known."""
    lists = read(state)
    found = next((one for one in lists.lists if one.id == name), None)
    if found is None and len(lists.lists) >= MOST_LISTS and not damaged:
        raise Failure(f"{MOST_LISTS} member-only lists are the most")
    if found is None or not lists.secret.exists():
        return None
    try:
        return unseal(found, key(lists.secret))
    except MemberError:
        return None


def _read(file: Path, state: State) -> Reading:
    digest = keyed(new_secret(state))
    if str(file) == "-":
        stream: BinaryIO = sys.stdin.buffer
        return read_list(stream, digest)
    with file.open("rb") as opened:
        return read_list(opened, digest)


def _check_test(made: Held, state: State) -> None:
    """The test address must stand in the list: else it is another list, or half of one, and no test would ever tell."""
    try:
        listed(made.test)
    except EntryError as error:
        raise Failure(f"--test-url is no address: {error}") from None
    asked = request(made.test)
    host = asked.names[0].host or ""
    if not matcher((made,), new_secret(state)).match(host, asked.path, asked.query):
        raise Failure("the list does not name its --test-url: it is cut off, or another one. Nothing was put in", FOUND)


def _lists(place: Place) -> SealedLists:
    lists = read(State(place.state))
    if lists.unread:
        raise Failure(f"{place.state}/member: only the account that runs Hedgerow may look")
    return lists


def _results(place: Place, lists: Sequence[Held]) -> tuple[Tested, ...]:
    """Nothing is known of the self-test while the policies cannot be used."""
    try:
        return run_tests(place.files(), lists) if lists else ()
    except (PolicyError, Failure):
        return ()


def _record_failures(state: State, results: Sequence[Tested]) -> None:
    for one in results:
        if not one.passed:
            what, detail = tested(one.id, False, (band for band, passed in one.bands.items() if not passed))
            Record(state.record).append(KIND, acting(), what, "", detail)


def blind_spots(files: Files, lists: Sequence[Held]) -> list[str]:
    """Where single pages cannot be seen, and what is closed that should be open: for ``check`` and ``test``.

    Helplines are counted, not named: which host is on such a list is nobody's to read.
    """
    return [*_networks(files, sum(one.pages for one in lists)), *_helplines(files)]


def _networks(files: Files, pages: int) -> list[str]:
    networks = [network.name for network in files.site.networks if network.level is Capture.NAMES_ONLY]
    if not pages or not networks:
        return []
    told = f"{pages} entries of member-only lists are single pages"
    return [f"{told}: the network {name!r} sees names only, so only whole hosts are closed there" for name in networks]


def _helplines(files: Files) -> list[str]:
    illegal = files.member.matcher()
    if illegal is None:
        return []
    entries = [one for found in files.policy.protected.values() for one in found]
    closed = sum(bool(illegal.match(one.host, one.path or "/", "")) for one in entries)
    unseen = sum(not one.path and illegal.has_pages(one.host) for one in entries)
    told = []
    if closed:
        told.append(f"{closed} of the helplines are closed by a member-only list: call its publisher")
    if unseen:
        told.append(f"{unseen} of the helplines have pages in a member-only list: they are never opened, so never seen")
    return told


def _row(one: Held) -> dict[str, object]:
    added = datetime.fromtimestamp(one.added, UTC).isoformat(timespec="seconds")
    days = round((time.time() - one.added) / _DAY, 1)
    counts = {"entries": one.entries, "pages": one.pages, "hosts": one.hosts, "bad": one.bad}
    return {"id": one.id, **counts, "added": added, "by": one.by, "age_days": days, "fingerprint": one.fingerprint}


def _word(passed: bool | None) -> str:
    return "not known" if passed is None else "pass" if passed else "FAIL"


def _line(row: dict[str, object]) -> str:
    if row["selftest"] == "gone":
        return f"{row['id']:12}  GONE: it was put in and its file is not there"
    counts = "{entries} entries ({pages} pages, {hosts} hosts, {bad} lines not read)".format(**row)
    return f"{row['id']:12}  {counts}, put in {row['added']} by {row['by']}, {row['age_days']} days ago; self-test: {row['selftest']}"  # noqa: E501


def _told(made: Held, found: Reading, file: Path) -> list[str]:
    lines = [f"{made.id}: {made.entries} entries are sealed ({made.pages} pages, {made.hosts} whole hosts)"]
    if found.bad:
        more = ", ..." if len(found.bad) > _SHOWN else ""
        numbers = ", ".join(map(str, found.bad[:_SHOWN]))
        lines.append(f"{len(found.bad)} lines are no addresses and close nothing: {numbers}{more}")
    lines.append("hedgerow lists member test   shows that it closes what it should")
    if str(file) != "-":
        lines.append("now destroy the clear file, and the mail or download it came in: shred -u FILE")
    return lines
