"""The only room that imports mitmproxy: five thin addons that translate, ask and apply; and the engine below them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hedgerow.proxy.services import Services


def addons(services: Services) -> list[object]:
    """The five addons in the order they must hear each hook."""
    from hedgerow.proxy.decrypt import Decrypt
    from hedgerow.proxy.enforce import Enforce
    from hedgerow.proxy.identify import Identify
    from hedgerow.proxy.inspect import Inspect
    from hedgerow.proxy.record import Record

    return [Identify(services), Decrypt(services), Enforce(services), Inspect(services), Record(services)]
