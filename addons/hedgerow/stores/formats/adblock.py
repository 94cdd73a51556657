"""Rules of ad blockers (Adblock Plus, AdGuard, uBlock Origin) as far as they are about whole names or paths.

``||name^`` is the name and all below it, ``||name/path`` a part of it, ``|https://name^`` exactly that host, a bare
``name`` the name; ``@@`` before it takes it out again. Lines of a hosts file stand in such lists, too.

The modifiers in ``_WHOLE`` leave the rule about the whole site: ``$third-party`` closes a site only as part of others,
but to a filter of names both look the same, so it counts as listed. Each other modifier narrows the rule to some
pages, programs or kinds of parts: such a rule is unusable, as are cosmetic rules, regular expressions and patterns with
a star inside a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hedgerow.core.hosts import is_address, is_listed_suffix
from hedgerow.stores.formats.hosts import parse as parse_hosts
from hedgerow.stores.formats.lines import by_line, per_file
from hedgerow.stores.formats.model import Found, LineError, Scope, Unusable
from hedgerow.stores.formats.names import PLAIN, found, host_of, path_of, utf8

LONGEST_RULE = 1 << 16  # characters: some carry the names of a thousand sites
_WHOLE = frozenset("all doc document important match-case network popup third-party 3p".split())
_WHOLE_EXCEPTION = frozenset("all doc document important match-case network".split())
_ANSWERS = ("dnsrewrite=nxdomain", "dnsrewrite=refused", "dnsrewrite=0.0.0.0", "dnsrewrite=::")  # AdGuard Home
_COMMENT = re.compile(r"!|#+(?:\s|$)|#[^#@?$%]|\[")
_COSMETIC = re.compile(r"#@?[?$%]{0,2}#|#@?%#|\$@?\$")
_RULE = re.compile(r"(\|\|(?:\*\.)?|\|?https?://|)([^/^|*$,\s]+)(?:(/[^*^|]*)|(\^?))[*|]*")
_NAME = re.compile(r"(?:[^\s.]+\.)+[^\s.]{2,}|\d+(?:\.\d+){3}")


def parse(line: int, text: str) -> Iterator[Found]:
    text = text.strip()
    if not text or _COMMENT.match(text):
        return
    text = utf8(text)
    if text[0].isalnum() or text[0] == ":":
        words = text.split()
        if len(words) > 1 and (is_address(words[0]) or words[0].startswith("::")):
            yield from parse_hosts(line, text)
            return
    if _COSMETIC.search(text):
        raise Unusable("a cosmetic rule: about what a page shows")
    rule = text.removeprefix("@@")
    pattern, options = _split(rule)
    if pattern.startswith("/") and pattern.endswith("/") and len(pattern) > 1:
        raise Unusable("a regular expression")
    excepts = rule is not text
    if "badfilter" in options:  # takes back a rule: the list does not say this any more
        options, excepts = options - {"badfilter"}, True
    _check_options(options, excepts)
    yield _rule(line, pattern, excepts)._replace(important="important" in options)


def _split(rule: str) -> tuple[str, frozenset[str]]:
    """(pattern, modifiers)"""
    pattern, sign, options = rule.rpartition("$")
    if not sign or pattern.startswith("/") and rule.endswith("/"):
        return rule, frozenset()
    return pattern, frozenset(option.strip().lower() for option in options.split(","))


def _check_options(options: frozenset[str], excepts: bool) -> None:
    for option in sorted(options - (_WHOLE_EXCEPTION if excepts else _WHOLE)):
        if excepts or not option.startswith(_ANSWERS):
            raise Unusable(f"${option[:40]} is not about the whole site")


def _rule(line: int, pattern: str, excepts: bool) -> Found:
    if not (parts := _RULE.fullmatch(pattern)):
        raise Unusable("a pattern, not a name")
    start, name, path, end = parts.groups()
    if not start:
        return _plain(line, name + (path or ""), excepts)
    if not _NAME.fullmatch(name) and not (end and start.startswith("||")):
        raise Unusable("the beginning of a name, not a whole one")  # "||ads." is ads.anything
    scope = Scope.EXACT if start.startswith("|http") else Scope.USUAL
    if path and "?" in path:
        raise Unusable("a query cannot be listed, only a path")
    if ":" in name and not name.startswith("["):
        raise Unusable("is about one port only")
    return Found(line, host_of(name), path_of(path or ""), scope, excepts)


def _plain(line: int, text: str, excepts: bool) -> Found:
    """A name without signs. What looks like a file or a part of an address is a pattern: ``banner.js``, ``-ad-``."""
    if not _NAME.fullmatch(text.partition("/")[0]) or text.startswith(("-", "_", ".")):
        raise Unusable("a pattern, not a name")
    try:
        row = found(line, text, excepts=excepts)
    except LineError:
        raise Unusable("a pattern, not a name") from None
    if row.path or not (is_address(row.host) or is_listed_suffix(row.host.rpartition(".")[2])):
        raise Unusable("a pattern, not a name")
    return row


ADBLOCK = per_file(by_line(parse, rf"\|\|{PLAIN}\^", LONGEST_RULE), suffix=True)
