"""A repository with leaks, and policies for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.stories.story import PLACE, begin, setting, token


@pytest.fixture
def leaked(tmp_path: Path) -> Path:
    """The second of four commits leaks below `deploy`, the third in `app`."""
    builder, _ = begin(tmp_path / "leaked")
    builder.write(PLACE, setting(token()))
    builder.commit("Leak")
    builder.write("app/x.env", setting(token(2)))
    builder.commit("Leak more")
    builder.write("more", "text\n")
    builder.commit("More")
    return builder.populate()
