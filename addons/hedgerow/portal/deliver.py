"""Tells the recipients of site.yaml about reports, within a minute, until each has been told.

The loop of the portal's process. What is to be sent lies in the reports' file (``stores.report_outbox``); a process
that is killed between sending and noting it sends the same message again, under the same id. One process at a time
delivers: it holds a lock that ends with it.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from hedgerow.core.plain import plain
from hedgerow.portal.letters import as_json, as_text, subject
from hedgerow.portal.mail import THREADS, NotDelivered, send_mail
from hedgerow.portal.webhook import Way, send_webhook
from hedgerow.stores.alert_taking import AlertTaking
from hedgerow.stores.messages import Texts
from hedgerow.stores.report_model import ReportsUnavailable
from hedgerow.stores.report_notices import Notices
from hedgerow.stores.report_outbox import Message, Outbox
from hedgerow.stores.reports import ReportStore
from hedgerow.stores.site import Site

logger = logging.getLogger(__name__)

PASS_SECONDS = 1.0
PASS_SECONDS_AFTER_FAULT = 5.0
TRY_SECONDS = 40.0
"""For one message in all: a server that answers drop by drop is no reason to wait."""
AT_ONCE = 2
"""Messages on the way to one recipient: a dead server holds up nobody else."""
EXPIRE_SECONDS = 3600.0


async def deliver_forever(
    store: ReportStore,
    site: Callable[[], Site],
    texts: Callable[[str], Texts],
    every: float = PASS_SECONDS,
    troubles: Callable[[], Collection[str]] = tuple,
    alerts: Path | None = None,
) -> None:
    """Runs until cancelled. ``site`` gives what is in force, ``texts`` the sentences of a language.

    ``troubles``: what the supervisor says is wrong with the gateway itself. ``alerts``: the folder in which the workers
    leave what a child typed (``State.alerts``).
    """
    with _waiting_lock(store.file.path) as locked:
        while not locked():
            await asyncio.sleep(every)
        deliverer = Deliverer(store, site, texts, troubles, alerts)
        try:
            while True:
                await deliverer.pause(every if await deliverer.look() else PASS_SECONDS_AFTER_FAULT)
        finally:
            deliverer.cancel()


class Deliverer:
    """One pass: route what is new, start what is due, once an hour delete what is old."""

    def __init__(
        self,
        store: ReportStore,
        site: Callable[[], Site],
        texts: Callable[[str], Texts],
        troubles: Callable[[], Collection[str]] = tuple,
        alerts: Path | None = None,
    ) -> None:
        self._alerts = AlertTaking(store, alerts) if alerts is not None else None
        self._store, self._site, self._texts, self._troubles = store, site, texts, troubles
        self._outbox, self._notices = Outbox(store), Notices(store.file)
        self._on_the_way: dict[str, tuple[str, asyncio.Task[None]]] = {}  # message id -> recipient, task
        self._expire_at = 0.0
        self._free = asyncio.Event()

    async def pause(self, seconds: float) -> None:
        """Until the next look: so long, or until a message has gone and another may go in its place."""
        self._free.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._free.wait()

    async def look(self) -> bool:
        """False when the store could not be used: it is looked at again later."""
        site = self._site()
        try:
            for message in await asyncio.to_thread(self._due, site):
                self._start(message, site)
            await self._expire(site)
        except ReportsUnavailable as error:
            logger.error("reports cannot be delivered: %s", error)
            return False
        return True

    def cancel(self) -> None:
        for _, task in self._on_the_way.values():
            task.cancel()

    def _due(self, site: Site) -> tuple[Message, ...]:
        if self._alerts is not None:
            self._alerts.take()
        self._outbox.route(site)
        self._notices.tell(site, self._troubles(), self._store.clock())
        return self._outbox.due()

    def _start(self, message: Message, site: Site) -> None:
        busy = [recipient for recipient, _ in self._on_the_way.values()]
        if message.id in self._on_the_way or busy.count(message.recipient) >= AT_ONCE:
            return
        task = asyncio.create_task(self._try(message, site))
        self._on_the_way[message.id] = (message.recipient, task)
        task.add_done_callback(lambda _: self._gone(message.id))

    def _gone(self, number: str) -> None:
        del self._on_the_way[number]
        self._free.set()

    async def _try(self, message: Message, site: Site) -> None:
        """The guard of delivery: whatever goes wrong is noted, and the message is tried again."""
        try:
            error = await self._send(message, site)
            if error:
                logger.warning("a message was not delivered: %s", error)
                await asyncio.to_thread(self._outbox.failed, message, error)
            else:
                await asyncio.to_thread(self._outbox.sent, message)
        except ReportsUnavailable as fault:
            logger.error("a delivery could not be noted: %s", fault)
            await asyncio.sleep(PASS_SECONDS_AFTER_FAULT)  # not at once again: it may have arrived

    async def _send(self, message: Message, site: Site) -> str:
        """ "" when the recipient's server has taken it, else why not."""
        try:
            async with asyncio.timeout(TRY_SECONDS):
                await self._hand_over(message, site)
        except NotDelivered as error:
            return plain(str(error), 300)  # what the other server said
        except TimeoutError:
            return f"no end after {TRY_SECONDS:.0f} s"
        except Exception:
            logger.exception("a fault of ours while delivering")
            return "a fault of ours; see the log"
        return ""

    async def _hand_over(self, message: Message, site: Site) -> None:
        if message.channel == "webhook":
            content = as_json(message, site)
            await send_webhook(message.recipient, content, message.id, Way(site.private, site.parent_proxy))
        elif site.mail is None:
            raise NotDelivered("site.yaml names mail recipients but no mail server (mail:)")
        else:
            texts = self._texts(site.languages[0])
            to = message.recipient.removeprefix("mailto:")
            words = (subject(message, texts), as_text(message, site, texts))
            send = partial(send_mail, site.mail, to, *words, message.id)
            await asyncio.get_running_loop().run_in_executor(THREADS, send)

    async def _expire(self, site: Site) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self._expire_at:
            self._expire_at = now + EXPIRE_SECONDS
            await asyncio.to_thread(self._store.expire, site.privacy.keep_days)
            await asyncio.to_thread(self._notices.tidy, self._store.clock())
            await asyncio.to_thread(self._outbox.tidy)


@contextmanager
def _waiting_lock(store: Path) -> Iterator[Callable[[], bool]]:
    """Ends with the process that holds it (flock(2)), so that a killed one leaves nothing behind."""
    descriptor = os.open(store.with_name(store.name + ".deliver"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)

    def locked() -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    try:
        yield locked
    finally:
        os.close(descriptor)
