"""The lab's little internet: which name answers on which address. All of it globally routable.

The private-address guard is therefore on in every test, as it is in a school. Names that are not listed live on one
shared address (``CATCH_ALL``), so any well-known name can be asked for; names below ``nx.test`` do not exist.
"""

from __future__ import annotations

V4_NET, V6_NET = "45.90.10.", "2a0e:b107:10::"
CATCH_ALL = 200
DNS_SERVER = V4_NET + "53"

HOSTS: dict[str, int] = {
    "blocked.test": 10,
    "allowed.test": 11,
    "bank.test": 12,
    "cdn-blocked.test": 13,
    "cdn-allowed.test": 13,  # one front, two names: as a CDN has them
    "expired.test": 14,
    "selfsigned.test": 15,
    "wronghost.test": 16,
    "untrusted.test": 17,
    "incomplete.test": 18,
    "weakkey.test": 19,
    "sha1.test": 38,
    "sha1middle.test": 39,
    "oldtls.test": 20,
    "xn--bcher-kva.test": 21,
    "xn--fa-hia.test": 22,
    "fass.test": 23,
    "monitored.test": 24,
    "warned.test": 25,
    "warned-too.test": 37,
    "helped.test": 26,
    "paths.test": 27,
    "evil.test": 28,
    "notbank.test": 29,
    "helpline.test": 30,
    "mtls.test": 31,
    "other-proxy.test": 32,
    "bank.test.evil.test": 33,
    "under_score.test": 34,
    "-dash.test": 35,
    "pinned.test": 36,
}
DUAL_STACK = frozenset({"blocked.test", "allowed.test", "bank.test", "warned.test"})

PRIVATE: dict[str, tuple[str, ...]] = {
    "private.test": ("10.99.0.1",),
    "loopback.test": ("127.0.0.1",),
    "metadata.test": ("169.254.169.254",),
    "mapped.test": ("::ffff:10.99.0.1",),
    "mixed.test": ("45.90.10.50", "10.99.0.1"),
    "self.test": ("45.90.9.2",),  # the gateway's own outer address
    "selflan.test": ("10.20.0.1",),
    "private-bank.test": ("10.99.0.1",),
}
REBINDING: dict[str, tuple[str, str]] = {"rebind.test": ("45.90.10.51", "10.99.0.1")}  # first answer, every later one
SILENT = frozenset({"dead.test"})  # asked, never answered


def v4(name: str) -> str:
    """The address of ``name`` in the lab."""
    return V4_NET + str(HOSTS.get(name, CATCH_ALL))


def v6(name: str) -> str:
    return V6_NET + str(HOSTS.get(name, CATCH_ALL))


def answers(name: str, asked: int) -> tuple[str, ...] | None:
    """Addresses for a query, ``asked`` times before; () when the name does not exist, None for no answer at all."""
    if name in SILENT or name.endswith(".dead.test"):
        return None
    if name == "nx.test" or name.endswith(".nx.test"):
        return ()
    if name in PRIVATE:
        return PRIVATE[name]
    if name in REBINDING:
        return (REBINDING[name][min(asked, 1)],)
    return (v4(name), v6(name)) if name in DUAL_STACK else (v4(name),)
