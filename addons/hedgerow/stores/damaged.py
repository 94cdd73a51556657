"""A SQLite file that a power failure or a bad disk damaged: put aside before anybody opens it.

Only for what is made anew without loss that matters: grants end by themselves within hours, and a gateway that does
not start because of them helps nobody.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path


def put_aside(path: Path) -> Path | None:
    """Where the damaged file lies now; None when it is sound, or not there. Only while nobody has it open.

    Raises OSError when it cannot be moved. A file that is locked is left alone.
    """
    if not path.exists() or _is_sound(path):
        return None
    aside = path.with_name(f"{path.name}.damaged")
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return path.replace(aside)


def _is_sound(path: Path) -> bool:
    connection = sqlite3.connect(path, timeout=0.2)
    try:
        return bool(connection.execute("pragma quick_check(1)").fetchone() == ("ok",))
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()
