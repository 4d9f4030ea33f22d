"""A key that is there before the first command, so that nothing is said about making it."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.key import Key, save_key


@pytest.fixture
def key(no_user: Path) -> Key:
    """The user's own key, kept in the user's own folder."""
    made = Key(bytes(range(32)), "the tests")
    save_key(made)
    return made
