"""Colours of a report's page can be told from what is behind them."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

_STYLE = files("forensics.report.dossier").joinpath("page.css").read_text("utf-8")
_LIGHT, _DARK = (
    dict(re.findall(r"--(\w+): (#\w+)", part))
    for part in re.findall(r":root \{(.*?)\}", _STYLE, re.DOTALL)[:2]
)
_BEHIND = ("paper", "box", "line")


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(2 * one for one in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    """As https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio has it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", [one for one in _LIGHT if one not in _BEHIND])
@pytest.mark.parametrize("colours", [_LIGHT, _DARK], ids=["light", "dark"])
def test_text_has_contrast(colours: dict[str, str], name: str) -> None:
    """At least 4.5 to 1, on the page and on its boxes."""
    assert colours.keys() == _LIGHT.keys()
    for behind in ("paper", "box"):
        assert _contrast(colours[name], colours[behind]) >= 4.5
