"""Parts of the matrix and of the history: at a commit, between two environments, of some keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fixtures_repos.layouts import bare_clone
from fixtures_repos.stories.drift import DRIFT_STORIES, DriftStory
from fixtures_repos.stories.drift.story import Telling, dotenv, password
from tests.cli.command import forensics
from tests.drift.expecting import differences, drift, events_of


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Where the index is kept."""
    return tmp_path / "index.db"


def _told(name: str, tmp_path: Path) -> DriftStory:
    return DRIFT_STORIES[name](tmp_path / name)


def _matrix(repository: Path, index: Path, *options: str) -> dict[str, Any]:
    done = drift(repository, index, "--format", "json", *options)
    assert done.code == 0, done.err
    matrix: dict[str, Any] = json.loads(done.out)
    return matrix


def _states(matrix: dict[str, Any], key: str) -> dict[str, str]:
    """What each environment has for a key."""
    (row,) = [row for row in matrix["keys"] if row["key"] == key]
    return {environment: cell["state"] for environment, cell in row["cells"].items()}


@pytest.mark.parametrize(
    ("commit", "staging", "prod"),
    [("dev", "absent", "absent"), ("staging", "value", "absent"), ("prod", "value", "value")],
)
def test_the_matrix_of_an_old_commit(
    commit: str, staging: str, prod: str, tmp_path: Path, index: Path
) -> None:
    """`--at` tells what stood there, whatever came later."""
    story = _told("missing_and_the_rest_follows", tmp_path)
    matrix = _matrix(story.path, index, "--at", story.commits[commit])
    assert matrix["commit"] == story.commits[commit]
    expected = {"dev": "value", "staging": staging, "prod": prod}
    assert _states(matrix, "QUEUE_DEPTH") == expected


def test_a_key_that_nobody_has_yet_is_no_row(tmp_path: Path, index: Path) -> None:
    """It came with a later commit."""
    story = _told("missing_and_the_rest_follows", tmp_path)
    matrix = _matrix(story.path, index, "--at", story.commits["start"])
    assert {row["key"] for row in matrix["keys"]} == {"TIMEOUT_SECONDS", "RETRIES"}


@pytest.mark.parametrize(
    ("pair", "code"), [(("staging", "prod"), 2), (("dev", "staging"), 0), (("dev", "prod"), 2)]
)
def test_only_two_environments_are_compared(
    pair: tuple[str, str], code: int, tmp_path: Path, index: Path
) -> None:
    """What a third one lacks is no drift between the two."""
    story = _told("missing_in_prod_still", tmp_path)
    assert drift(story.path, index, "--between", *pair, "--detailed-exitcode").code == code
    matrix = _matrix(story.path, index, "--between", *pair)
    assert sorted(matrix["environments"]) == sorted(pair)
    assert any(row["drift"] for row in matrix["keys"]) is (code == 2)


def test_an_environment_that_is_not_there_is_named(tmp_path: Path, index: Path) -> None:
    """In one line."""
    story = _told("missing_in_prod_still", tmp_path)
    drift(story.path, index)  # tells that it made a key
    done = forensics("drift", story.path, "--index", index, "--between", "staging", "nowhere")
    assert done.code == 2
    assert "nowhere" in done.error()


def test_keys_are_chosen_by_glob(tmp_path: Path, index: Path) -> None:
    """In the matrix and in the history."""
    story = _told("missing_in_prod_still", tmp_path)
    matrix = _matrix(story.path, index, "--key", "QUEUE_*")
    assert [row["key"] for row in matrix["keys"]] == ["QUEUE_DEPTH"]
    options = ("--history", "--format", "jsonl", "--key")
    assert len(drift(story.path, index, *options, "QUEUE_*").lines) == 1
    assert drift(story.path, index, *options, "RETRIES").lines == []


def test_a_component_is_chosen_by_name(tmp_path: Path, index: Path) -> None:
    """By the name that the matrix gives it."""
    story = _told("five_components", tmp_path)
    names = {row["set"] for row in _matrix(story.path, index)["keys"]}
    assert len(names) == 5
    (billing,) = [name for name in names if "billing" in name]
    (web,) = [name for name in names if "web" in name]
    assert {row["set"] for row in _matrix(story.path, index, "--set", web)["keys"]} == {web}
    assert drift(story.path, index, "--set", web, "--detailed-exitcode").code == 0
    assert drift(story.path, index, "--set", billing, "--detailed-exitcode").code == 2
    options = ("--history", "--format", "jsonl", "--set")
    assert drift(story.path, index, *options, web).lines == []
    assert len(drift(story.path, index, *options, billing).lines) == 1


def test_cells_tell_what_stands_there(tmp_path: Path, index: Path) -> None:
    """A value, nothing at all, an empty one, a stand-in, a reference; equal ones share a letter."""
    told = Telling(
        tmp_path / "cells",
        {
            "config/dev.env": dotenv(SAME=1, OTHER=1, HOLE="", NAME="parcels", FROM="abc", OWN=1),
            "config/staging.env": dotenv(SAME=1, OTHER=2, HOLE=3, NAME="<name>", FROM="${ABC}"),
            "config/prod.env": dotenv(SAME=1, OTHER=1, HOLE=3, NAME="parcels", FROM="abc"),
        },
    )
    matrix = _matrix(told.end().path, index)
    assert set(_states(matrix, "SAME").values()) == {"value"}
    assert _states(matrix, "HOLE") == {"dev": "empty", "staging": "value", "prod": "value"}
    assert _states(matrix, "NAME")["staging"] == "placeholder"
    assert _states(matrix, "FROM")["staging"] == "reference"
    assert _states(matrix, "OWN") == {"dev": "value", "staging": "absent", "prod": "absent"}
    cells = {row["key"]: row["cells"] for row in matrix["keys"]}
    same, other, own = cells["SAME"], cells["OTHER"], cells["OWN"]
    assert same["dev"]["class"] == same["staging"]["class"] == same["prod"]["class"] != ""
    assert other["dev"]["class"] == other["prod"]["class"] != other["staging"]["class"] != ""
    assert own["prod"]["class"] in {"", None}
    assert (same["prod"]["path"], same["prod"]["line"]) == ("config/prod.env", 1)


def test_letters_give_no_value_away(tmp_path: Path, index: Path) -> None:
    """The same two passwords in another order have the same letters: by place, not by value."""
    letters = []
    for turn, (one, two) in enumerate([(1, 2), (2, 1)]):
        told = Telling(
            tmp_path / f"letters{turn}",
            {
                "config/dev.env": dotenv(DB_PASSWORD=password(one)),
                "config/prod.env": dotenv(DB_PASSWORD=password(two)),
            },
        )
        story = told.end(environments=("dev", "prod"))
        (row,) = _matrix(story.path, index.with_name(f"{turn}.db"))["keys"]
        letters.append((row["cells"]["dev"]["class"], row["cells"]["prod"]["class"]))
    assert letters[0] == letters[1]
    assert letters[0][0] != letters[0][1]


def test_a_layer_says_where_a_value_comes_from(tmp_path: Path, index: Path) -> None:
    """The path is that of the file that wins: the overlay's where it overrides, else base."""
    story = _told("default_in_base_overridden_in_dev", tmp_path)
    matrix = _matrix(story.path, index)
    (row,) = [row for row in matrix["keys"] if row["key"] == "app.env.BATCH_SIZE"]
    assert row["cells"]["dev"]["path"] == "helm/values-dev.yaml"
    assert row["cells"]["prod"]["path"] == "helm/parcels/values.yaml"
    assert row["cells"]["prod"]["layer"] == "base"
    assert row["cells"]["dev"]["layer"] != "base"


def test_a_bare_clone_tells_the_same(tmp_path: Path, index: Path) -> None:
    """Packed, and without files beside it."""
    story = _told("from_base_into_one_overlay", tmp_path)
    clone = bare_clone(story.path, tmp_path / "clone.git")
    assert differences(story, events_of(clone, index)) == []
