"""Every hook of our addons, found by introspection: a hook added tomorrow is in the fault tests tomorrow."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module

from mitmproxy import hooks as mitmproxy_hooks

import hedgerow.proxy

PREFIX_HOOKS = ("request_prefix", "response_prefix")


def addon_classes() -> list[type]:
    """The classes of the five addons: those ``hedgerow.proxy.addons`` makes, by the modules it imports."""
    source = inspect.getsource(hedgerow.proxy.addons)
    modules = [
        m.name for m in pkgutil.iter_modules(hedgerow.proxy.__path__) if f"hedgerow.proxy.{m.name} import" in source
    ]
    made = source[source.index("return [") :]
    found = []
    for name in modules:
        module = import_module(f"hedgerow.proxy.{name}")
        members = inspect.getmembers(module, inspect.isclass)
        found += [kind for _, kind in members if kind.__module__ == module.__name__ and f"{kind.__name__}(" in made]
    return found


def hooks() -> list[tuple[str, str]]:
    """(class, hook) pairs."""
    import_module("hedgerow.proxy.layers")  # where our own two hooks are made known to mitmproxy
    known = {*mitmproxy_hooks.all_hooks, *PREFIX_HOOKS}
    return [
        (kind.__name__, name)
        for kind in addon_classes()
        for name, _ in inspect.getmembers(kind, inspect.isfunction)
        if name in known
    ]
