"""Which driver reads the terminal."""

from __future__ import annotations

import sys

import pytest
from textual.drivers.linux_driver import LinuxDriver

from tui.app import ForensicsApp
from tui.driver import Driver


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> ForensicsApp:
    monkeypatch.setenv("TEXTUAL_DRIVER", "textual.drivers.linux_driver:LinuxDriver")
    return ForensicsApp.__new__(ForensicsApp)


def test_ours_takes_what_textuals_would_end_with(app: ForensicsApp) -> None:
    assert app.get_driver_class() is Driver


def test_textuals_own_is_used_where_its_parts_are_elsewhere(
    app: ForensicsApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a later version may have them."""
    for name in ("tui.driver", "tui.parser"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "textual._xterm_parser", None)
    assert app.get_driver_class() is LinuxDriver
