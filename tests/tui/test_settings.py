"""Colours and keys of the interface are the user's."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import tui
from forensics.errors import UsageProblem
from forensics.index.database import create_or_open
from forensics.key import Key
from forensics.settings.file import named_by_user
from tests.tui.terminal import run_in_terminal
from tui.keymap import binding_ids, keys_problem
from tui.settings import Settings, read_settings

START = "from forensics.cli.main import run; run()"


def read(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "forensics.toml"
    file.write_text(text)
    return read_settings(named_by_user(file))


def test_a_theme_and_keys_by_the_id_of_a_binding(tmp_path: Path) -> None:
    """What is not said stays as it is."""
    assert read_settings(None) == read(tmp_path, "") == Settings()
    said = '[tui]\ntheme = "light"\n[tui.keys]\n"audit.verify" = "w"\n"table.down" = "f7,down"\n'
    keys = {"audit.verify": "w", "table.down": "f7,down"}
    assert read(tmp_path, said) == Settings("light", keys)


@pytest.mark.parametrize(
    "keys",
    [
        '"triage.false" = "ctrl+f,f7,%"', '"app.quit" = "X"', '"drift.component" = "v"',
        '"table.down" = "j,down,ctrl+n"', '"triage.false" = "a"\n"triage.real" = "f"',
        '"audit.verify" = "shift+f5,é,percent_sign"',
    ],
)  # fmt: skip
def test_a_key_may_do_one_thing_in_each_place(tmp_path: Path, keys: str) -> None:
    """Others in other places, also what is exchanged, and what two did before."""
    assert read(tmp_path, f"[tui.keys]\n{keys}\n").keys


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[tui]\ntheme = "pink"', "theme is one of dark, light, contrast"),
        ("[tui]\ntheme = 1", "theme is one of"),
        ("[tui]\ncolour = 1", "no such key as colour"),
        ('[tui.keys]\n"audit.verfy" = "w"', "did you mean audit.verify"),
        ('[tui.keys]\n"audit.verify" = 1', "holds keys by id"),
        ("[tui]\nkeys = 1", "holds keys by id"),
        ('[tui.keys]\n"triage.false" = "j"', "j would be detail.down and triage.false at once"),
        ('[tui.keys]\n"triage.false" = "1"', "1 would be screen.overview and triage.false"),
        ('[tui.keys]\n"audit.verify" = "e"', "e would be audit.export and audit.verify at once"),
        ('[tui.keys]\n"audit.verify" = "nokey[red]"', "there is no key nokey"),
        ('[tui.keys]\n"audit.verify" = "w,"', "there is no key without a name"),
        ('[tui.keys]\n"audit.verify" = "often+w"', "there is no key often"),
        ('[tui.keys]\n"scan.stop" = "escape"', "escape would be scan.back and scan.stop"),
        ("tui = 1", r"\[tui\] is a table"),
    ],
)
def test_what_cannot_be_is_an_error(tmp_path: Path, text: str, words: str) -> None:
    """It says what it may have been meant to be."""
    with pytest.raises(UsageProblem, match=words):
        read(tmp_path, text)


def test_every_key_can_be_another() -> None:
    """Each binding has an id, in front of the screens too."""
    for module in iter_modules(tui.__path__, "tui."):
        import_module(module.name)
    assert "dialog.back" in binding_ids()
    kinds = [DOMNode]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if kind.__module__.startswith("tui."):
            for one in kind.__dict__.get("BINDINGS", ()):
                assert isinstance(one, Binding), kind
                assert one.id, (kind, one.key)


@pytest.mark.parametrize("key", ["tab", "ctrl+p", "ctrl+c"])
def test_what_goes_on_everywhere_is_no_key_of_ours(key: str) -> None:
    """It would not do what the user says, or that could not be done any more."""
    assert key in keys_problem({"triage.real": key})


def test_a_key_of_the_users_works(tmp_path: Path, key: Key) -> None:
    """Found where the user's configuration is; the usual one then does nothing."""
    index, file = tmp_path / "index.db", tmp_path / "mine.toml"
    create_or_open(index, key).close()
    file.write_text('[tui.keys]\n"app.quit" = "X"\n')
    words = ("tui", index, "--screen", "audit", "--policy", file)
    code, written = run_in_terminal(START, *words, keys="qX", once="No entry")
    assert code == 0, written
