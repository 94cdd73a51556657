"""The machine itself: clock, disk, memory, limits, environment."""

from __future__ import annotations

import ctypes
import email.utils
import os
import shutil
import stat
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from hedgerow.doctor.model import check
from hedgerow.doctor.patient import Patient

MIB = 1 << 20
LEAST_FREE = 512 * MIB
"""As the supervisor's own notice has it (``supervisor_troubles``)."""
_STA_UNSYNC = 0x40
_CLOCK_SECONDS = 120.0


class _Timex(ctypes.Structure):
    """The beginning of ``struct timex`` (adjtimex(2)), and room for the rest."""

    _fields_ = [("modes", ctypes.c_uint), *[(n, ctypes.c_long) for n in ("offset", "freq", "maxerror", "esterror")],
                ("status", ctypes.c_int), ("rest", ctypes.c_byte * 256)]  # fmt: skip


def clock_status() -> int:
    """The kernel's word on its clock. Raises OSError."""
    told = _Timex()
    if ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(told)) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return int(told.status)


@check(
    "clock-unsynchronised",
    "soon",
    "nothing keeps the clock right",
    "Start a time service: `systemctl enable --now systemd-timesyncd` (or chrony), and let UDP port 123 out.",
)
def unsynchronised(patient: Patient) -> Iterator[str]:
    if clock_status() & _STA_UNSYNC:
        yield "the kernel says that nothing has set its clock: lessons, passes and certificates go by it"


@check(
    "clock-wrong",
    "broken",
    "the clock is wrong by more than two minutes",
    "Set it (`timedatectl set-ntp true`, or `date -s`). Certificates made meanwhile are made again by themselves; only "
    "a CA of the first start has the wrong dates (`ca-ending`).",
)
def wrong_clock(patient: Patient) -> Iterator[str]:
    now = time.time()
    newest = max((path.stat().st_mtime for path in _written(patient.state.root)), default=0.0)
    if newest > now + _CLOCK_SECONDS:
        yield f"it is {_told(now)} here, and files of this gateway were written at {_told(newest)}"
        return
    other = next((found for url in patient.dated if (found := _date_of(url)) is not None), None)
    if other is not None and abs(other - now) > _CLOCK_SECONDS:
        yield f"it is {_told(now)} here, and {_told(other)} elsewhere"


def _written(root: Path) -> Iterator[Path]:
    for name in ("hedgerow.pid", "grants.sqlite", "record", "ca", "selftest", "index"):
        path = root / name
        if path.exists():
            yield path
            yield from path.iterdir() if path.is_dir() else ()


def _date_of(url: str) -> float | None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, method="HEAD"), timeout=3) as response:
            return email.utils.parsedate_to_datetime(response.headers["Date"]).timestamp()
    except (OSError, ValueError, TypeError):
        return None


def _told(moment: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(moment))


@check(
    "disk-full",
    "broken",
    "the disk is full, or all but full",
    "Make room: `du -xh --max-depth=2 / | sort -h | tail`. Filtering goes on, but nothing is "
    "logged, reported or changed.",
)
def disk_full(patient: Patient) -> Iterator[str]:
    place = _existing(patient.state.root)
    found, blocks = shutil.disk_usage(place), os.statvfs(place)
    if found.free < LEAST_FREE:
        yield f"{place}: {found.free / MIB:.0f} MiB free"
    elif blocks.f_files and blocks.f_favail < blocks.f_files / 100:
        yield f"{place}: {blocks.f_favail} of {blocks.f_files} inodes free: no file can be made soon"


@check(
    "disk-nearly-full",
    "soon",
    "less than a tenth of the disk is free, and less than 5 GiB",
    "Make room, or give the state folder a disk of its own; `privacy: keep-days` in site.yaml "
    "says how long the log is kept.",
)
def disk_nearly(patient: Patient) -> Iterator[str]:
    place = _existing(patient.state.root)
    found = shutil.disk_usage(place)
    if LEAST_FREE <= found.free < min(found.total / 10, 5120 * MIB):
        yield f"{place}: {found.free / MIB:.0f} MiB of {found.total / MIB:.0f} free"


def _existing(path: Path) -> Path:
    return next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())


@check(
    "memory-small",
    "soon",
    "too little memory, and no swap to fall back on",
    "4 GiB are the least for a school; add memory, or a swap file of 2 GiB (`fallocate`, `mkswap`, `swapon`).",
)
def memory(patient: Patient) -> Iterator[str]:
    lines = (line.split() for line in patient.setting("meminfo").splitlines())
    sizes = {fields[0].rstrip(":"): int(fields[1]) // 1024 for fields in lines if len(fields) > 1}
    if "MemTotal" in sizes and sizes["MemTotal"] < 3500 and not sizes.get("SwapTotal"):
        yield f"{sizes['MemTotal']} MiB of memory and no swap: a long list update may end a worker"


@check(
    "descriptors-few",
    "soon",
    "the service may open too few files, and each connection is two",
    "Raise it in the unit (`LimitNOFILE=65536`), or `ulimit -n 65536` before `hedgerow up`; restart.",
)
def descriptors(patient: Patient) -> Iterator[str]:
    limits = patient.setting(f"{patient.running['pid']}/limits") if patient.running else ""
    for line in limits.splitlines():
        if line.startswith("Max open files") and line.split()[3] != "unlimited" and int(line.split()[3]) < 8192:
            yield f"the running gateway may open {line.split()[3]} files"


@check(
    "conntrack-full",
    "broken",
    "the firewall's table of connections is full: new ones are dropped",
    "`sysctl -w net.netfilter.nf_conntrack_max=262144`, and the same into /etc/sysctl.d/.",
)
def conntrack(patient: Patient) -> Iterator[str]:
    folder = "sys/net/netfilter/nf_conntrack_"
    count, most = patient.setting(f"{folder}count"), patient.setting(f"{folder}max")
    if count.isdigit() and most.isdigit() and int(count) > 0.8 * int(most):
        yield f"{count} of {most} connections are tracked"


@check(
    "sslkeylogfile",
    "broken",
    "SSLKEYLOGFILE is set: every pupil's TLS secrets would be written to a file",
    "Take it out of the environment (`systemctl show -p Environment hedgerow`, /etc/environment) and remove the file.",
)
def key_log(patient: Patient) -> Iterator[str]:
    names = ("SSLKEYLOGFILE", "MITMPROXY_SSLKEYLOGFILE")
    yield from (f"{name} is set here" for name in names if patient.environment.get(name))
    raw = b""
    if patient.process is not None:
        raw = (patient.process / "environ").read_bytes()
    yield from (f"{name} is set in the running gateway" for name in names if f"{name}=".encode() in raw)


@check(
    "state-open",
    "broken",
    "others may read or write the state folder: keys, log and reports lie there",
    "`chmod -R go= STATE`, and let all of it belong to the service's user (`chown -R`).",
)
def state_open(patient: Patient) -> Iterator[str]:
    root = patient.state.root
    if not root.exists():
        return
    owner = root.stat().st_uid
    state = patient.state
    for path in (root, *(path for path in (state.keys, state.record, state.events) if path.exists())):
        found = path.stat()
        if stat.S_IMODE(found.st_mode) & 0o077:
            yield f"{path}: mode {stat.S_IMODE(found.st_mode):o}"
        elif found.st_uid != owner:
            yield f"{path} belongs to user {found.st_uid}, the rest to {owner}"
    for secret in sorted(patient.state.keys.glob("*.key")):
        if stat.S_IMODE(secret.stat().st_mode) & 0o077:
            yield f"{secret}: mode {stat.S_IMODE(secret.stat().st_mode):o}"
