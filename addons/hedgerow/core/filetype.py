"""Media types in their canonical spelling, and the type a downloaded file would have."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

_ESSENCE = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+/[!#$%&'*+.^_`|~0-9a-z-]+\Z")
_ALIASES = {
    "text/json": "application/json",
    "application/x-javascript": "text/javascript",
    "application/javascript": "text/javascript",
    "application/ecmascript": "text/javascript",
    "text/ecmascript": "text/javascript",
    "application/xhtml": "application/xhtml+xml",
    "text/xml": "application/xml",
    "application/x-gzip": "application/gzip",
    "application/x-zip-compressed": "application/zip",
}


@lru_cache(maxsize=1024)
def essence(content_type: str) -> str:
    """``type/subtype`` of a Content-Type header in lower case, aliases resolved; "" when it is none, or any."""
    text = content_type.partition(";")[0].strip().lower()
    if text == "*/*" or not _ESSENCE.match(text):
        return ""
    return _ALIASES.get(text, text)


_EXTENSION = re.compile(r"[a-z0-9]{1,10}\Z")
_FILENAME = re.compile(r"""filename\s*(\*?)\s*=\s*(?:[\w-]*'[\w-]*')?("(?:[^"\\]|\\.)*"|[^;\s]+)""", re.IGNORECASE)
_CANONICAL = {
    "htm": "html",
    "xhtml": "html",
    "jpeg": "jpg",
    "jpe": "jpg",
    "tgz": "gz",
    "mpeg": "mpg",
    "tiff": "tif",
    "yml": "yaml",
}
_BY_TYPE = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/gzip": "gz",
    "application/x-tar": "tar",
    "application/vnd.rar": "rar",
    "application/x-rar-compressed": "rar",
    "application/x-7z-compressed": "7z",
    "application/x-msdownload": "exe",
    "application/x-msdos-program": "exe",
    "application/x-dosexec": "exe",
    "application/vnd.microsoft.portable-executable": "exe",
    "application/x-msi": "msi",
    "application/x-ms-installer": "msi",
    "application/vnd.android.package-archive": "apk",
    "application/x-executable": "elf",
    "application/x-apple-diskimage": "dmg",
    "application/java-archive": "jar",
    "application/x-iso9660-image": "iso",
    "application/x-chrome-extension": "crx",
    "application/x-xpinstall": "xpi",
    "application/x-bittorrent": "torrent",
    "application/vnd.debian.binary-package": "deb",
    "application/x-debian-package": "deb",
    "application/x-rpm": "rpm",
    "application/x-sh": "sh",
    "application/json": "json",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "audio/mpeg": "mp3",
}


def file_type(path: str, media_type: str, disposition: str) -> str:
    """The canonical extension ("exe", "zip", "" = none) a download would get.

    The name in Content-Disposition says it (RFC 6266; ``filename*`` wins), else the media type, else the URL's path.
    """
    named = _from_disposition(disposition) if disposition else ""
    return named or _BY_TYPE.get(essence(media_type), "") or _extension(path)


def _from_disposition(disposition: str) -> str:
    found = sorted(_FILENAME.findall(disposition), key=lambda match: match[0] != "*")
    for star, value in found:
        name = value.strip('"').replace("\\", "")
        if extension := _extension(unquote(name) if star else name):
            return extension
    return ""


def _extension(path: str) -> str:
    # Windows drops trailing dots and spaces: "setup.exe." runs.
    stem, _, suffix = path.rstrip(". /").rpartition("/")[2].rpartition(".")
    suffix = suffix.lower() if stem else ""
    return _CANONICAL.get(suffix, suffix) if _EXTENSION.match(suffix) else ""
