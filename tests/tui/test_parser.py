"""What a terminal sends is read as the keys and the text that it is."""

from __future__ import annotations

import pytest
from textual.events import Key, Paste

from tui.parser import Parser

BEGIN, END = "\x1b[200~", "\x1b[201~"


def read(*pieces: str) -> list[str]:
    """Keys by their names, pasted text as it is."""
    parser = Parser()
    found = [one for piece in pieces for one in parser.feed(piece)]
    return [
        one.key if isinstance(one, Key) else one.text
        for one in found
        if isinstance(one, Key | Paste)
    ]


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("j", "alt+j"), ("A", "alt+A"), ("/", "alt+slash"), ("?", "alt+question_mark"),
        ("\r", "alt+enter"), (" ", "alt+space"), ("f", "alt+f"), ("b", "alt+b"), ("2", "alt+2"),
        ("=", "alt+equals_sign"), ("é", "alt+é"),
    ],
)  # fmt: skip
def test_no_key_behind_escape_is_lost(sent: str, key: str) -> None:
    """Whichever it is, and whatever comes behind it."""
    assert read(f"\x1b{sent}") == [key]
    assert read(f"\x1b{sent}x") == [key, "x"]
    assert read("\x1b", sent) == [key]
    assert read(f"\x1b{sent}\x1b{sent}") == [key, key]


def test_keys_that_begin_with_escape_are_these_keys() -> None:
    """Those that move, and the one that deletes a word."""
    assert read("\x1b[A\x1bOB\x1b[1;5C\x1b[5~\x1b\x7f\x1b\t") == [
        "up", "down", "ctrl+right", "pageup", "ctrl+w", "shift+tab",
    ]  # fmt: skip


def test_a_paste_is_text_whatever_stands_in_it() -> None:
    """No part of it is a key, wherever what is read is cut."""
    sent = f"a{BEGIN}one \x1b[31mred\x1b[0m\x1bOA\ntwo\x1b{END}b{BEGIN}c{END}"
    for at in range(len(sent) + 1):
        found = read(*filter(None, (sent[:at], sent[at:])))
        assert found == ["a", "one [31mred[0mOA\ntwo", "b", "c"], at
    assert read(*sent) == ["a", "one [31mred[0mOA\ntwo", "b", "c"]
