"""Pointers of Git LFS as they are told from other text."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.lfs import payload_path, pointer
from forensics.git.lfs import read_pointer


@pytest.mark.parametrize(
    "text",
    [
        pointer(b"x").replace(b"spec/v1", b"spec/v9"),
        pointer(b"x").replace(b"size 1", b"size -1"),
        pointer(b"x").replace(b"sha256", b"sha1"),
        b"A pointer starts so:\n" + pointer(b"x"),
        pointer(b"x") + b"more text\n",
        pointer(b"x") + b" " * 1024,
    ],
)
def test_what_only_looks_like_a_pointer_is_none(text: bytes) -> None:
    """Text about LFS is text."""
    assert read_pointer(b"", pointer(b"x")) is not None
    assert read_pointer(b"", text) is None


def test_the_place_of_a_payload_is_that_of_git_lfs(tmp_path: Path) -> None:
    """Two levels of folders, by the first four digits."""
    path = payload_path(tmp_path, b"")
    assert path.relative_to(tmp_path).parts[:4] == ("lfs", "objects", "e3", "b0")
