"""Another scanner's allowlists, applied to what our own rules find."""

from __future__ import annotations

from pathlib import Path

import pytest

from detectors.foreign.allowing import allowed_by_place
from detectors.foreign.gitleaks import read_gitleaks_config
from detectors.foreign.ignorer import ConfigIgnorer
from detectors.hit import Hit, Kind
from detectors.ignoring import PENDING
from detectors.secret import Secret

VALUE = b"letmein-0123"
HIT = Hit(Kind("acme.key", "A key", "high", "It opens.", "Wait."), 0, 12, Secret(VALUE), 0.9)

LIST = """
[[allowlists]]
condition = "AND"
paths = ['''%s''']
regexes = ['''%s''']
"""


@pytest.mark.parametrize(
    ("path", "ignored"), [(b"docs/a", True), (b"test/a", True), (b"src/a", False)]
)
def test_each_list_that_waits_for_a_path_is_remembered(
    tmp_path: Path, path: bytes, ignored: bool
) -> None:
    """What its content allows in two places is allowed in both."""
    file = tmp_path / "rules.toml"
    file.write_text(LIST % ("^docs/", "^letmein") + LIST % ("^test/", "0123$"))
    config = read_gitleaks_config(file)
    pending = {
        name.removeprefix(PENDING)
        for name in ConfigIgnorer(config, {}).reason(VALUE, HIT).split("\n")
    }
    assert any(allowed_by_place(one, path, (), pending) for one in config.allowlists) == ignored


def test_lists_without_a_name_are_not_taken_for_each_other(tmp_path: Path) -> None:
    """The content of one and the path of another together ignore nothing."""
    file = tmp_path / "rules.toml"
    file.write_text(LIST % ("^docs/", "^letmein") + LIST % ("^src/", "^something else"))
    config = read_gitleaks_config(file)
    reason = ConfigIgnorer(config, {}).reason(VALUE, HIT)
    assert reason.startswith(PENDING)
    pending = {name.removeprefix(PENDING) for name in reason.split("\n")}
    assert not any(allowed_by_place(one, b"src/a", (), pending) for one in config.allowlists)
    assert any(allowed_by_place(one, b"docs/a", (), pending) for one in config.allowlists)
