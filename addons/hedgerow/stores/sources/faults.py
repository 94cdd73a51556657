"""Why a list is not taken: the outside world failed, or what it gave is no list to take."""

from __future__ import annotations


class NotFetched(Exception):
    """It could not be fetched. ``again``: the next try may do better. The last good one stays."""

    def __init__(self, reason: str, again: bool = False, wait: float = 0.0, nobody: str = "") -> None:
        super().__init__(reason)
        self.again = again
        self.wait = wait  # seconds the server asked for
        self.nobody = nobody  # a host that cannot be reached at all


class NotTaken(Exception):
    """It was fetched and refused; the last good one stays. ``by_size``: only its size speaks against it."""

    def __init__(self, reason: str, by_size: bool = False) -> None:
        super().__init__(reason)
        self.by_size = by_size
