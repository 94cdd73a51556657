"""``mitmdump -s addons/gateway.py``: the five addons inside stock mitmproxy, for development.

This form does NOT fail closed: mitmproxy logs an addon's exception and forwards the request, dials at the client's
word, and takes any head. Only ``hedgerow serve`` is a filter. The school's folder is ``policies/local`` of the
checkout, or ``HEDGEROW_POLICIES``; state lies in a folder that is thrown away.
"""

from __future__ import annotations

import atexit
import logging
import os
import tempfile
from pathlib import Path

from mitmproxy import ctx
from mitmproxy.addonmanager import Loader

from hedgerow.cli.common import Place, home
from hedgerow.proxy.house import ServedHouse, build
from hedgerow.runtime import save
from hedgerow.stores.state import prepare

WARNING = "Hedgerow for DEVELOPMENT inside stock mitmproxy: this does not fail closed. Only `hedgerow serve` filters."


class Loud:
    """Says what this is, and sets the options without which the addons can be walked round."""

    def load(self, loader: Loader) -> None:
        logging.getLogger("hedgerow").warning(WARNING)
        ctx.options.update(connection_strategy="lazy", rawtcp=False, upstream_cert=False, onboarding=False)


def made(policies: Path, blocklists: Path) -> ServedHouse:
    """The house of the school in ``policies``. Raises PolicyError with every mistake."""
    folder = tempfile.TemporaryDirectory(prefix="hedgerow-dev-")
    atexit.register(folder.cleanup)
    state = Path(folder.name) / "state"
    prepare(state)
    files = Place(policies, blocklists, state).files()
    return build(state, save(files, Path(folder.name)), 0)


def school() -> Path:
    """The school's folder."""
    return Path(os.environ.get("HEDGEROW_POLICIES") or home() / "policies" / "local")


if __name__.startswith("__mitmproxy_script__"):  # not when a test or a checker imports it
    addons = [Loud(), *made(school(), home() / "blocklists").addons]
