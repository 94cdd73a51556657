"""What a page of ours is made from: the decision's facts in the reader's language, and what the school says.

Built for pages only: what is refused as a picture or a script is most of what is refused, and shows none of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from mitmproxy import http

from hedgerow.core.explain import in_need
from hedgerow.core.hosts import display_host, registrable
from hedgerow.core.lifting import LIFTABLE
from hedgerow.core.model import Action, Decision, Relax, Step
from hedgerow.core.urls import same_site_path
from hedgerow.pages.helplines import views
from hedgerow.pages.parts import PREFIX
from hedgerow.proxy import pages
from hedgerow.proxy.connections import is_transparent
from hedgerow.proxy.facts import judged_host, with_typed
from hedgerow.proxy.judged import Judged
from hedgerow.proxy.pages.model import AnswerType, PageContext
from hedgerow.proxy.pages.sentences import band_speaks
from hedgerow.proxy.services import Services
from hedgerow.runtime import Snapshot
from hedgerow.stores.reports import kinds_with_recipient
from hedgerow.stores.site import GATEWAY_NAME
from hedgerow.stores.tokens import Continue

CONTINUE_PATH = "/.well-known/hedgerow/continue"
_CAN_CONTINUE = (Step.SITE, Step.CATEGORY, Step.DEFAULT, Step.WORDS)
_TOLD = (AnswerType.PAGE, AnswerType.HEAD, AnswerType.TEXT)


def of_decision(
    flow: http.HTTPFlow, state: Judged, services: Services, expired: bool, answer: AnswerType | None = None
) -> PageContext:
    """For the page of a decision. ``expired``: the continue form came too late or from elsewhere. ``answer``: its
    form, where it does not follow from what was asked for."""
    snapshot, decision, answer = state.snapshot, state.decision, answer or form(flow, state)
    offered = snapshot.languages(decision.band)
    language = pages.choose_language(flow.request.headers.get("accept-language", ""), offered)
    if answer not in _TOLD:
        register = snapshot.policy.bands[decision.band].register
        return PageContext(language, register, answer=answer, status=decision.status, messages=snapshot.messages)
    now = services.now(snapshot)
    care = in_need(decision, with_typed(state.request), snapshot.lexicon.scan, snapshot.policy, now)
    codes = decision.step in LIFTABLE and decision.action in (Action.BLOCK, Action.LIMIT)
    return replace(
        of_school(snapshot, language, decision, services.grants.relaxed(now), flow),
        host=display_host(decision.host if decision.within else judged_host(state.request)),
        subject=_subject(state, language),
        message=decision.message or _band_says(snapshot, decision, care, language),
        care=care,
        token=_token(state, services),
        action=CONTINUE_PATH,
        to=same_site_path(state.to or flow.request.path),
        until=decision.until,
        now=now,
        codes=codes,
        code_token=services.tokens.sign_code(state.identity.key, now.timestamp()) if codes else "",
        answer=answer,
        expired=expired,
        status=decision.status,
    )


def _band_says(snapshot: Snapshot, decision: Decision, care: bool, language: str) -> str:
    """What the band says on every page it closes, where it is true."""
    speaks = band_speaks(decision) and not care
    return snapshot.policy.bands[decision.band].messages.get(language, "") if speaks else ""


def of_school(
    snapshot: Snapshot,
    language: str,
    decision: Decision | None,
    relaxed: Relax | None,
    flow: http.HTTPFlow | None = None,
) -> PageContext:
    """What stands on every page, also on one that tells of a failure. ``flow``: what the page is the answer to."""
    site, band = snapshot.site, snapshot.policy.bands.get(decision.band) if decision else None
    return PageContext(
        language=language,
        register=band.register if band else "older",
        school=site.school,
        contact=site.contact.get(language, ""),
        country=site.place.country,
        helplines=views(snapshot.helplines_for(language), language),
        report_kinds=kinds_with_recipient(site),
        portal=_portal(snapshot, decision, flow),
        banner=_banner(snapshot, language, relaxed) if relaxed else "",
        messages=snapshot.messages,
    )


def form(flow: http.HTTPFlow, state: Judged | None) -> AnswerType:
    """What the client can show in place of what it asked for."""
    request, upgrade, path = flow.request, state.request.upgrade if state else "", state.request.path if state else ""
    return pages.choose_answer(request.method, request.headers, upgrade, path)


def own_address(snapshot: Snapshot, flow: http.HTTPFlow) -> str:
    """The portal's address on the gateway's own name, by which this client reaches it; "" when it has none.

    A client that uses us as its proxy resolves no name; a redirected one must, and finds only what the school named.
    The scheme is that of the request: whoever was shown a page over https trusts our certificates.
    """
    if is_transparent(flow.client_conn) and not snapshot.site.gateway_names:
        return ""
    scheme = "https" if flow.client_conn.tls else "http"
    return f"{scheme}://{_own_name(snapshot)}/"


def _portal(snapshot: Snapshot, decision: Decision | None, flow: http.HTTPFlow | None) -> str:
    """Where the buttons lead. The site's own origin is the last way: it may pass unread when somebody clicks.

    And step 0 refuses whatever is asked there.
    """
    if flow is not None and (own := own_address(snapshot, flow)):
        return own
    return PREFIX if decision and decision.step is not Step.BUILTIN else f"http://{_own_name(snapshot)}/"


def _own_name(snapshot: Snapshot) -> str:
    return next(iter(snapshot.site.gateway_names), GATEWAY_NAME)


def _banner(snapshot: Snapshot, language: str, relaxed: Relax) -> str:
    texts, until = snapshot.messages[language], datetime.fromtimestamp(relaxed.until, snapshot.zone)
    return texts["portal.relaxed"].replace("{time}", texts.clock(until))


def _subject(state: Judged, language: str) -> str:
    decision = state.decision
    if decision.category:
        return state.snapshot.categories.name(decision.category, language)
    if decision.rule.startswith("words:"):
        return pages.topic_name(decision.rule.partition(":")[2], language)
    return ""


def _token(state: Judged, services: Services) -> str:
    """A token for the form, where this rule may be continued by the person who met it."""
    decision = state.decision
    if decision.action not in (Action.WARN, Action.HELP) or decision.step not in _CAN_CONTINUE or not decision.digest:
        return ""
    asked = Continue(state.identity.key, decision.site, decision.digest, decision.band, str(decision.action))
    if decision.within:
        asked = replace(asked, at=registrable(decision.within))
    return services.tokens.sign(asked, services.clock().timestamp())
