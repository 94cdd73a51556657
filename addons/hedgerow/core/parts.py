"""Parts of pages from sites nobody has judged: which of them may be drawn inside a page that is open.

A part is what cannot be a page: image, style, font, script, media, JSON, told by the response's own type (never by
Referer or Sec-Fetch, which a client types). Where a band keeps unknown parts out, two things still let one in: the
list of known-good part hosts (category ``page-parts``, made by ``hedgerow lists known-good``), and a warning about a
page that this person continued, for as long as that holds. Neither opens a page, and neither reaches a name that any
list or the floor forbids: those steps have spoken before.
"""

from __future__ import annotations

from dataclasses import replace

from hedgerow.core.asking import Asking, Weighed, weigh
from hedgerow.core.categories import categories_of
from hedgerow.core.model import Action, Band, Rule, Step

KNOWN_GOOD = "page-parts"
"""The category whose names deliver parts to others' pages. As a page each of them stays a site nobody has judged."""

EVERY_SITE = "*"
"""The site of a grant for unknown parts: a page draws from more hosts than anybody can name. No host is called so."""


def weigh_part(asking: Asking, host: str) -> tuple[Weighed, str]:
    """What a part of this unjudged host may do now, for this person, and the evidence."""
    weighed = weigh(asking, Step.DEFAULT, asking.band.unknown_part, host)
    if weighed.shown.forbids:
        known = asking.band.categories.get(KNOWN_GOOD)
        if known is not None and KNOWN_GOOD in categories_of(asking.index, host, asking.request.path):
            by_list = weigh(asking, Step.DEFAULT, known, host)
            if not by_list.shown.forbids:
                return by_list, "known to deliver parts of good pages"
        if _continued(asking, weighed.rule):
            asking.note(Step.DEFAULT, "%s is lifted: this person continued past a page's warning", weighed.rule.id)
            weighed = replace(weighed, shown=Action.ALLOW, lifted=True, pending=False)
    return weighed, "a part from a site nobody has judged"


def opens_parts(band: Band, digest: str) -> bool:
    """True when a continued warning with this rule's digest was about a page, so that its parts come along.

    A warning about words says nothing about what the page is drawn with: what was open before it stays so.
    """
    about_words = {rule.digest for word in band.words.values() for rule in word.rules}
    return band.unknown_part.action.forbids and digest not in about_words


def _continued(asking: Asking, rule: Rule) -> bool:
    grants = asking.grants
    return grants is not None and grants.lifts(asking.identity.key, EVERY_SITE, rule.digest, asking.now) is not None
