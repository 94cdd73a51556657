"""Which addresses are this machine's own."""

from __future__ import annotations

import socket


def is_local(address: str) -> bool:
    """True when the address is one of this machine's own: only such a one can be bound."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True
