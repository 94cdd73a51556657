"""Canonical media types and file types."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.filetype import essence, file_type


@pytest.mark.parametrize(
    "path, media_type, disposition, extension",
    [
        ("/setup.exe", "", "", "exe"),
        ("/Setup.EXE", "application/octet-stream", "", "exe"),
        ("/setup.exe.", "", "", "exe"),
        ("/get", "application/vnd.android.package-archive", "", "apk"),
        ("/get", "application/octet-stream", 'attachment; filename="game.apk"', "apk"),
        ("/get", "image/png", "attachment; filename=tool.msi", "msi"),
        ("/get", "", "attachment; filename=a.txt; filename*=UTF-8''b%2Eexe", "exe"),
        ("/get", "", 'attachment; filename="a\\".exe"', "exe"),
        ("/photo.JPEG", "", "", "jpg"),
        ("/page.htm", "", "", "html"),
        ("/index.php", "text/html", "", "html"),
        ("/a.exe/readme", "", "", ""),
        ("/archive.tar.gz", "", "", "gz"),
        ("/", "", "", ""),
        ("/.htaccess", "", "", ""),
        ("/x.verylongextension", "", "", ""),
        ("/x.e$e", "", "", ""),
    ],
)
def test_file_type(path: str, media_type: str, disposition: str, extension: str) -> None:
    assert file_type(path, media_type, disposition) == extension


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_never_raises(path: str, media_type: str, disposition: str) -> None:
    extension = file_type(path, media_type, disposition)
    assert extension == extension.lower()
    assert len(extension) <= 10


def test_essence() -> None:
    assert essence(" Text/HTML ; charset=x") == "text/html"
    assert essence("text/html, text/plain") == ""
