"""A repository that changes under the scan ends in a correct index, or in a clear error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures_repos import layouts
from fixtures_repos.git import git
from fixtures_repos.stories.story import setting, token
from forensics.errors import ForensicsError
from forensics.scan import engine
from forensics.scan.reading import Reading
from tests.scan.scanning import same_findings, scan

Change = Callable[[Path], object]


def push(path: Path) -> None:
    (path / "pushed.env").write_bytes(setting(token(70)))
    git(path, "add", "pushed.env")
    git(path, "commit", "-q", "-m", "Push")


CHANGES: dict[str, Change] = {
    "gc": lambda path: git(path, "gc", "-q", "--prune=now"),
    "repack": lambda path: layouts.repack(path, depth=3, window=3),
    "unpack": layouts.unpack,
    "push": push,
    "push and gc": lambda path: (push(path), git(path, "gc", "-q", "--prune=now")),
    "a branch goes": lambda path: git(path, "update-ref", "-d", "refs/heads/main"),
}
MOMENTS = {
    "after the refs were read": (engine, "take_inventory"),
    "after the packs were listed": (Reading, "run"),
    "after the reading was planned": (Reading, "_collect"),
    "before findings are placed": (Reading, "_note_missing"),
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_at_any_moment(
    acme_repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    change: str, moment: str, packed: bool,
) -> None:  # fmt: skip
    """The next scan ends as if the first one had come after the change."""
    if packed:
        layouts.repack(acme_repository)
    where, name = MOMENTS[moment]
    real = getattr(where, name)

    def changed(*given: object, **named: object) -> object:
        CHANGES[change](acme_repository)
        return real(*given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(where, name, changed)
        try:
            scan(acme_repository, tmp_path / "index.db")
        except ForensicsError as error:
            told = str(error)
            assert told
    after = scan(acme_repository, tmp_path / "index.db")
    fresh = scan(acme_repository, tmp_path / "fresh.db")
    assert after.summary.complete
    there = [one for one in after.findings if one.status != "gone"]
    assert same_findings(there) == same_findings(fresh.findings)
