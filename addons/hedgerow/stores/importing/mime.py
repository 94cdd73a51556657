"""Media types as kinds of files: those Hedgerow tells apart by type, and the usual endings of others."""

from __future__ import annotations

import mimetypes
from functools import cache

from hedgerow.core.filetype import file_type

_OLD = {
    "audio/x-mpeg": "mp3", "audio/x-pn-realaudio": "ra", "audio/x-realaudio": "ra", "video/x-mpeg2": "mpg",
    "video/msvideo": "avi", "video/acorn-replay": "rpl", "application/compress": "z", "application/x-compress": "z",
    "application/java-vm": "class", "audio/wav": "wav", "video/vnd.rn-realvideo": "rv", "application/ogg": "ogg",
}  # fmt: skip


@cache
def _table() -> mimetypes.MimeTypes:
    return mimetypes.MimeTypes(filenames=())  # never the machine's own file: the same answer everywhere


def extension_of(media_type: str) -> tuple[str, str]:
    """(kind of file, what was changed); ("", "") for a type that belongs to no kind."""
    if known := file_type("", media_type, ""):
        return known, ""
    ending = _OLD.get(media_type) or (_table().guess_extension(media_type, strict=False) or "").removeprefix(".")
    found = file_type(f"/file.{ending}", "", "") if ending else ""
    return (found, f"a media type became its usual ending {found!r}") if found else ("", "")
