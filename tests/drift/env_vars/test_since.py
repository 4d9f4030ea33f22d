"""Since which commit a finding stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.drift.env_vars import since
from tests.drift.env_vars.linting import Told, linted, tell

READ = 'import os\na = os.environ["API_URL"]\n'
OTHER = {"notes.txt": "something else\n"}


def opened(told: Told, kind: str, name: str = "API_URL") -> str:
    """The commit since which it stands."""
    one = linted(told)[kind, name]
    assert one.since is not None
    assert one.since_certain
    return one.since.commit.hex()


def test_a_read_begins_it(tmp_path: Path) -> None:
    """Later changes of the file do not."""
    told = tell(tmp_path, {"a.py": "x = 1\n"}, {"a.py": READ}, OTHER, {"a.py": READ + "b = 2\n"})
    assert opened(told, "used-undefined") == told.commits[1]


def test_a_definition_that_went_begins_it(tmp_path: Path) -> None:
    """Its file need not be there any more."""
    told = tell(tmp_path, {"a.py": READ, ".env": "API_URL=x\n"}, OTHER, {".env": None}, OTHER)
    assert opened(told, "used-undefined") == told.commits[2]


def test_a_default_that_went_begins_it(tmp_path: Path) -> None:
    """With a default the code needed no definition."""
    before = 'import os\na = os.environ.get("API_URL", "x")\n'
    told = tell(tmp_path, {"a.py": before}, {"a.py": READ})
    assert opened(told, "used-undefined") == told.commits[1]


def test_a_file_that_moved_does_not_begin_it(tmp_path: Path) -> None:
    """Renamed, or the line taken into another file."""
    told = tell(
        tmp_path, {"a.py": READ}, {"a.py": None, "app/b.py": READ}, {"app/b.py": "", "c.py": READ}
    )
    assert opened(told, "used-undefined") == told.commits[0]


def test_what_stood_in_two_files_begins_with_the_first(tmp_path: Path) -> None:
    """A second read adds nothing."""
    told = tell(tmp_path, OTHER, {"a.py": READ}, {"b.py": READ})
    assert opened(told, "used-undefined") == told.commits[1]


def test_an_example_that_lost_a_line_begins_undocumented(tmp_path: Path) -> None:
    """And one that never had it, with the read."""
    told = tell(
        tmp_path,
        {"a.py": READ, ".env.example": "API_URL=\nREGION=\n"},
        {".env.example": "REGION=\n"},
        {"b.py": 'import os\nos.environ["NEW_URL"]\n'},
    )
    assert opened(told, "undocumented") == told.commits[1]
    assert opened(told, "undocumented", "NEW_URL") == told.commits[2]


def test_the_last_read_that_went_begins_unused(tmp_path: Path) -> None:
    """Not the definition, which came before."""
    told = tell(tmp_path, {".env": "API_URL=x\n"}, {"a.py": READ}, OTHER, {"a.py": "x = 1\n"})
    assert opened(told, "defined-unused") == told.commits[3]


def test_a_definition_that_nothing_ever_read_begins_unused(tmp_path: Path) -> None:
    """With itself."""
    told = tell(tmp_path, {"a.py": "x = 1\n"}, {".env": "API_URL=x\n"}, OTHER)
    assert opened(told, "defined-unused") == told.commits[1]


def test_missing_begins_when_another_environment_gets_it(tmp_path: Path) -> None:
    """The code read it before."""
    told = tell(
        tmp_path,
        {"a.py": READ, ".env.staging": "REGION=a\n", ".env.production": "REGION=b\n"},
        {".env.staging": "REGION=a\nAPI_URL=x\n"},
        {".env.production": "REGION=c\n"},
    )
    assert opened(told, "missing-in-environment") == told.commits[1]


def test_missing_begins_when_the_base_loses_it(tmp_path: Path) -> None:
    """It moved from the base into one environment."""
    told = tell(
        tmp_path,
        {
            "a.py": READ,
            "helm/values.yaml": "env:\n  API_URL: x\n",
            "helm/values-dev.yaml": "env:\n  REGION: a\n",
            "helm/values-prod.yaml": "env:\n  REGION: b\n",
        },
        {
            "helm/values.yaml": "env: {}\n",
            "helm/values-dev.yaml": "env:\n  REGION: a\n  API_URL: x\n",
        },
        OTHER,
    )
    assert opened(told, "missing-in-environment") == told.commits[1]


def test_a_merge_brings_it_when_it_is_merged(tmp_path: Path) -> None:
    """The first-parent line is what counts."""
    told = tell(tmp_path, OTHER)
    told.builder.branch("side")
    told.commit({"a.py": READ})
    told.builder.checkout("main")
    told.commit({"b.txt": "x"})
    merged = told.builder.merge("side")
    assert opened(told, "used-undefined") == merged


def test_a_line_that_was_not_followed_to_its_end_is_not_certain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then no commit is named."""
    told = tell(tmp_path, {"a.py": READ}, OTHER, {"b.py": "x = 1\n"}, {"b.py": "x = 2\n"})
    monkeypatch.setattr(since, "MOST_COMMITS", 2)
    one = linted(told)["used-undefined", "API_URL"]
    assert (one.since, one.since_certain) == (None, False)


def test_another_commit_can_be_asked_for(tmp_path: Path) -> None:
    """What came later does not count."""
    told = tell(tmp_path, {"a.py": READ}, {".env": "API_URL=x\n"})
    assert ("used-undefined", "API_URL") in linted(told, told.commits[0])
    assert ("used-undefined", "API_URL") not in linted(told)
