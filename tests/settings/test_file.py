"""Reading a forensics.toml, whatever it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from forensics.errors import UsageProblem
from forensics.settings.file import named_by_user, parsed

BOMBS = {
    "a list in a list": b"a = " + b"[" * 200_000,
    "a table in a table": b"a = " + b"{b = " * 100_000,
    "a key of many parts": b"a" + b".a" * 200_000 + b" = 1",
    "a quoted key of many parts": b'"a"' + b' . "a"' * 100_000 + b" = 1",
    "a header of many parts": b"[a" + b".a" * 200_000 + b"]",
    "a number of many digits": b"a = " + b"9" * 10_000,
    "no text": b'[gate]\ndefault = "\xff"',
    "a zero byte": b"\0",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_hostile_file_is_refused(name: str) -> None:
    """In one line, without much work."""
    with pytest.raises(UsageProblem, match="is not TOML") as error:
        parsed(BOMBS[name], "forensics.toml")
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("[gates]", "no such section as gates; did you mean gate?"),
        ("[secret]", "no such section as secret; there are drift, gate, tui"),
        ("[drift.alias]\na = 'b'", "no such key as alias; did you mean aliases?"),
    ],
)
def test_names_that_nobody_knows_are_refused(said: str, why: str) -> None:
    """With the nearest that is known."""
    from forensics.drift.overrides import Overrides

    with pytest.raises(UsageProblem) as error:
        Overrides.of(parsed(said.encode(), "forensics.toml"))
    assert why in str(error.value)


def test_long_lists_of_globs_are_no_deep_keys() -> None:
    """Dots inside of texts are none of keys."""
    listed = ", ".join(f'"a.b.{number}.*"' for number in range(2_000))
    assert len(parsed(f"[gate]\nx = [{listed}]".encode(), "f").section("gate")["x"]) == 2_000


def test_what_is_no_small_file_is_refused(tmp_path: Path) -> None:
    """A folder, a pipe, a giant, one that nobody may read, one that is not there."""
    folder, pipe, giant, missing = (tmp_path / name for name in ("d", "p", "g", "m"))
    folder.mkdir()
    os.mkfifo(pipe)
    giant.write_bytes(b"#" * (1 << 21))
    for file in (folder, pipe, giant, missing):
        with pytest.raises(UsageProblem, match="cannot read"):
            named_by_user(file)
