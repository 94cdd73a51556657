"""The shipped policies with a small school, and real stores: what one worker's addons share."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hedgerow import runtime
from hedgerow.proxy.services import Services
from hedgerow.stores.alert_spool import AlertSpool
from hedgerow.stores.grants import GrantStore
from hedgerow.stores.pseudonyms import Pseudonyms
from hedgerow.stores.spool import EventSpool
from hedgerow.stores.tokens import Tokens
from tests.shipped import ROOT

SITE = """\
school: "Our school"
timezone: Asia/Ho_Chi_Minh
languages: [en, vi]
contact: {en: "Ask Mr Minh"}
place: {country: VN}
reports: {wrongly-blocked: ["mailto:it@school.example"], hurt: ["desk:Mrs Lan"]}
"""
NOW = datetime(2026, 11, 24, 3, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    """The shipped policies with a small school, and real stores."""
    root = tmp_path_factory.mktemp("context")
    (root / "local").mkdir()
    (root / "local" / "site.yaml").write_text(SITE, "utf-8")
    (root / "local" / "bands").mkdir()
    (root / "local" / "bands" / "ages-11-13.yaml").write_text("band: ages-11-13\nlanguages: [kk, ru]\n", "utf-8")
    lists = ROOT / "blocklists"
    sources = runtime.Sources(ROOT / "policies", root / "local", lists, lists, root / "index")
    (root / "keys").mkdir(mode=0o700)
    return Services(
        runtime=runtime.Runtime(runtime.assemble(runtime.compile_files(sources))),
        grants=GrantStore(root / "grants.sqlite", b"k" * 32),
        spool=EventSpool(root / "events", dropped=lambda count: None),
        alerts=AlertSpool(root / "alerts", 0),
        tokens=Tokens(root / "keys"),
        pseudonyms=Pseudonyms(root / "pseudonyms"),
        clock=lambda: NOW,
    )
