"""Updates one source for each line of JSON on standard input, inside the namespace this process runs in.

``state``: folder; ``ca``: root certificate; ``proxy``; ``source``: fields of the source; ``limits``; ``wishes``;
``now``: Unix seconds.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from hedgerow.stores.sources import Checksum, Downloads, Signature
from hedgerow.stores.sources.fetch import Limits
from hedgerow.stores.sources.model import Algorithm
from hedgerow.stores.sources.reach import Way
from hedgerow.stores.sources.taking import Taker
from hedgerow.stores.sources.update import Updater, Wishes
from tests.stores.sources.listed import source

QUICK = {"connect": 2.0, "read": 2.0, "total": 10.0, "tries": 3, "pause": 0.01}


def updated(job: dict[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = dict(job.get("source", {}))
    for name in ("urls", "names"):
        if name in given:
            given[name] = tuple(given[name])
    if "refresh" in given:
        given["refresh"] = timedelta(seconds=given["refresh"])
    if "checksum" in given:
        given["checksum"] = Checksum(given["checksum"], Algorithm(given.pop("algorithm", "sha256")))
    if "signature" in given:
        given["signature"] = Signature(*given["signature"])
    downloads = Downloads(Path(job["state"]))
    now = job.get("now") or time.time()
    way, limits = Way(job.get("proxy", ""), Path(job["ca"])), Limits(**{**QUICK, **job.get("limits", {})})
    updater = Updater(Taker(downloads, clock=lambda: now), way, limits)
    with downloads.writing():
        (result,) = updater.run([source(**given)], Wishes(**job.get("wishes", {"named": True})))
    return asdict(result)


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(updated(json.loads(line))), flush=True)
