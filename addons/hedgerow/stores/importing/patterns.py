"""Regular expressions of other filters that are, in truth, a name: ``(^|\\.)casino\\.example/bets``."""

from __future__ import annotations

import re

from hedgerow.core.hosts import is_public_suffix
from hedgerow.core.suffixes import is_listed_suffix
from hedgerow.stores.formats import LineError, Listed, parse_name

_START = re.compile(
    r"^(?:\^|\\b|\(\^\|\\\.\)|\(\?:\^\|\\\.\)|\(\^\|\[\?\+=&/\]\))?"
    r"(?:https?\??:(?:\\?/){2}|\(?https?\??\)?:(?:\\?/){2}|ftp:(?:\\?/){2})?"
    r"(?:\(www\\?\.\)\?|\(\.\*\\?\.\)\?|\(\[\^/\]\*\\?\.\)\?|\(\[a-z0-9-\]\+\\?\.\)[*?]|\.\*\\?\.|\\\.|\.\*)?"
)
_END = re.compile(r"(?:\(/\|\$\)|\(\$\|/\)|\(\[\\\?\+=&/\]\|\$\)|/\?\$|\$|/?\.\*\$?|\\b)$")
_SIGNS = re.compile(r"[*+?\[\](){}|^$]")
WIDER = "a pattern became a name: it is meant with all below it, and no longer inside other names"


def as_name(pattern: str) -> Listed | None:
    """The name a pattern stands for, or None when it stands for more than one can list."""
    text = _whole(pattern.strip())
    text = _END.sub("", _START.sub("", text, count=1))
    if not text or _SIGNS.search(text.replace("\\.", "").replace("\\/", "").replace("\\-", "")):
        return None
    plain = text.replace("\\.", ".").replace("\\/", "/").replace("\\-", "-").rstrip("/")
    if "\\" in plain or "?" in plain or plain.startswith(("/", ".")):
        return None
    try:
        name = parse_name(plain.lower())
    except LineError:
        return None
    last = name.host.rpartition(".")[2]
    return name if "." in name.host and is_listed_suffix(last) and not is_public_suffix(name.host) else None


def _whole(pattern: str) -> str:
    """Without brackets round all of it."""
    while pattern.startswith("(") and pattern.endswith(")") and not re.search(r"[()|]", pattern[1:-1]):
        pattern = pattern[1:-1]
    return pattern
