"""How much memory each of our processes holds, for the scrape: a slope over days is a leak."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from hedgerow.supervisor_worker import Slot

_PAGE = os.sysconf("SC_PAGE_SIZE")


def processes(slots: Sequence[Slot], portal: Slot | None) -> Mapping[str, int]:
    """Name -> process id: the supervisor, each worker by its slot, the portal. Those that run now."""
    found = {"supervisor": os.getpid()}
    for slot in (*slots, *([portal] if portal else ())):
        if slot.process is not None and slot.process.returncode is None:
            found["portal" if slot is portal else f"worker-{slot.number}"] = slot.process.pid
    return found


def own_bytes(pid: int, proc: Path = Path("/proc")) -> int:
    """Resident memory that is the process's own (proc_pid_statm(5): resident less shared), in bytes.

    Without the shared: all workers map the same lists, which are in memory once. Raises OSError when it has ended.
    """
    _size, resident, shared, *_ = (proc / str(pid) / "statm").read_text().split()
    return (int(resident) - int(shared)) * _PAGE


def memory_metrics(found: Callable[[], Mapping[str, int]]) -> Metric:
    """Processes that end meanwhile are left out."""
    family = GaugeMetricFamily("hedgerow_memory_bytes", "Memory that a process has to itself.", labels=("process",))
    for name, pid in found().items():
        try:
            family.add_metric((name,), own_bytes(pid))
        except OSError:
            continue
    return family
