"""PyYAML's events, from its parser in C where there is one: ten times as fast, and what it says is the other's word.

The parser in C takes some texts that the one in Python refuses. Those are given to the latter, and so is whatever the
first refuses: the message people read, and what is legal, do not depend on how PyYAML was built.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import yaml

_FAST: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DOUBTFUL = re.compile(r"[|>][-+0-9]*#")
"""A comment that begins where a block of text does: the parser in C takes it."""


def events(text: str) -> Iterator[yaml.Event]:
    """The events of a text, as they are found. Raises yaml.MarkedYAMLError, ValueError or OverflowError."""
    number = 0
    if not _DOUBTFUL.search(text):
        try:
            for event in yaml.parse(text, Loader=_FAST):
                if _is_doubtful(event):
                    break
                yield event
                number += 1
            else:
                return
        except (yaml.YAMLError, ValueError, OverflowError):
            pass  # the other one says what is wrong
    yield from itertools.islice(yaml.parse(text, Loader=yaml.SafeLoader), number, None)


def _is_doubtful(event: yaml.Event) -> bool:
    """True for what the two may read differently: '?' in a text without quotes, and a value that is not there."""
    return isinstance(event, yaml.ScalarEvent) and not event.style and (not event.value or "?" in event.value)
