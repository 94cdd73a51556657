"""The house keeps its arrows: who may import whom, read from the code's own import lines."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "addons" / "hedgerow"

ALLOWED = {
    "core": {"core"},
    "stores": {"core", "stores"},
    "metrics": {"core"},
    "runtime": {"core", "stores", "metrics"},
    "pages": {"core", "stores", "pages"},
    "proxy": {"core", "stores", "metrics", "runtime", "pages", "proxy"},
    "selftest": {"core", "stores", "runtime", "selftest"},
    "doctor": {"core", "stores", "runtime", "selftest", "doctor"},
    "sheet": {"core", "stores", "sheet"},
    "portal": {"core", "stores", "metrics", "runtime", "pages", "portal"},
}
"""What each room may import. Rooms not named here (supervisor, cli) may import all."""

OUTSIDE = {
    "mitmproxy": {"proxy"},
    "OpenSSL": {"proxy"},
    "django": {"console"},
    "click": {"cli"},
    "rich": {"cli"},
}
"""Libraries that belong to certain rooms only."""

IMPURE = {
    "os",
    "socket",
    "sqlite3",
    "asyncio",
    "threading",
    "subprocess",
    "time",
    "random",
    "secrets",
    "logging",
}
"""What the core may not import: it has no clock, file, socket or chance."""

LOCKED = {"sieve.py": {"threading"}, "literals.py": {"threading"}}
"""A lock round a library's scratch space is no state that a caller could see."""

FILES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.py"))


def room(path: Path) -> str:
    first = path.parts[0].removesuffix(".py")
    return "supervisor" if first.startswith("supervisor") else first


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            if node.module == "hedgerow":
                found.update(f"hedgerow.{alias.name}" for alias in node.names)
    return found


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_room_imports_only_the_rooms_below_it(path: Path) -> None:
    allowed = ALLOWED.get(room(path))
    rooms = {name.split(".")[1] for name in imports(path) if name.startswith("hedgerow.")}
    if allowed is not None:
        assert rooms - {"__version__"} <= allowed, f"{path} imports {sorted(rooms - allowed)}"


@pytest.mark.parametrize("path", FILES, ids=str)
def test_libraries_stay_in_their_rooms(path: Path) -> None:
    for name in {name.split(".")[0] for name in imports(path)} & OUTSIDE.keys():
        assert room(path) in OUTSIDE[name], f"{path} imports {name}"


@pytest.mark.parametrize("path", [path for path in FILES if room(path) == "core"], ids=str)
def test_the_core_is_pure(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & IMPURE - LOCKED.get(path.name, set())
    assert "from pathlib import Path" not in (ROOT / path).read_text()  # a PurePath is only text


def test_nothing_goes_in_circles() -> None:
    """No module reaches itself through the modules it imports at load time."""
    graph = {_module(path): {name for name in _at_load(path) if name.startswith("hedgerow.")} for path in FILES}
    for start in graph:
        seen: set[str] = set()
        waiting = list(graph[start])
        while waiting:
            name = waiting.pop()
            assert name != start, f"{start} imports itself in a circle"
            if name in graph and name not in seen:
                seen.add(name)
                waiting.extend(graph[name])


def _module(path: Path) -> str:
    return "hedgerow." + ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _at_load(path: Path) -> set[str]:
    """Imports that run when the module is loaded: not those inside functions or ``if TYPE_CHECKING``."""
    found: set[str] = set()
    for node in ast.parse((ROOT / path).read_text()).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found
