"""Combinations: one of each group, near to each other. Two pointers over sorted places; linear in their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hedgerow.core.matching import Spot

_LONG_WORD = 30
"""Letters a word has at most on average; what stands further apart is not counted out."""


def windows(text: str, groups: Sequence[Sequence[Spot]], within: int, ordered: bool) -> Iterator[tuple[Spot, ...]]:
    """The places, one of each group, of each time a combination stands in ``text``, not overlapping.

    Groups are sorted by start. Between the first and the last are at most ``within`` words.
    """
    heads = [0] * len(groups)
    while all(head < len(group) for head, group in zip(heads, groups, strict=True)):
        if ordered and not _in_order(groups, heads):
            return
        chosen = tuple(group[head] for head, group in zip(heads, groups, strict=True))
        inside = chosen if ordered else tuple(sorted(chosen))
        if (clash := _clash(inside)) is not None:
            heads[_behind(groups, heads, chosen, inside[clash], inside[clash + 1])] += 1
        elif _near(text, inside[0].end, inside[-1].start, within):
            yield chosen
            heads = [_past(group, head, inside[-1].end) for head, group in zip(heads, groups, strict=True)]
        else:
            heads[0 if ordered else chosen.index(inside[0])] += 1


def _in_order(groups: Sequence[Sequence[Spot]], heads: list[int]) -> bool:
    """Moves each head behind the one before it; False when there is none."""
    for index in range(1, len(groups)):
        heads[index] = _past(groups[index], heads[index], groups[index - 1][heads[index - 1]].end)
        if heads[index] == len(groups[index]):
            return False
    return True


def _past(group: Sequence[Spot], head: int, position: int) -> int:
    while head < len(group) and group[head].start < position:
        head += 1
    return head


def _clash(places: Sequence[Spot]) -> int | None:
    """The first of two neighbours that stand on the same letters: one word cannot be two of a combination."""
    return next((n for n in range(len(places) - 1) if places[n].end > places[n + 1].start), None)


def _behind(
    groups: Sequence[Sequence[Spot]], heads: list[int], chosen: tuple[Spot, ...], first: Spot, second: Spot
) -> int:
    """Of two groups whose heads clash, the one that goes on sooner."""

    def next_start(index: int) -> float:
        following = heads[index] + 1
        return groups[index][following].start if following < len(groups[index]) else float("inf")

    one = chosen.index(first)
    other = next(n for n, place in enumerate(chosen) if place == second and n != one)
    return min(one, other, key=next_start)


def _near(text: str, end: int, start: int, within: int) -> bool:
    """True when at most ``within`` words stand between ``end`` and ``start``."""
    return start - end <= (within + 1) * _LONG_WORD and text.count(" ", end, start) <= within + 1
