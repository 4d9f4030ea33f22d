"""What is attested of repositories that somebody prepared: all of it is searched, nothing runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures_repos.hostile import Hostile
from fixtures_repos.malformed import a_bomb, a_cycle_of_two, a_missing_base
from fixtures_repos.stories import Story
from tests.scan.attesting import attested


def test_a_planted_command_does_not_run(running_commands: Hostile) -> None:
    """Though git is asked what leads to the leak."""
    made = attested(running_commands.path, running_commands.secret)
    if made.still_there:
        assert {"ref", "none", "reflog"} & made.verdicts[0].counts.keys()
    assert not [*running_commands.marks.iterdir()]


def test_what_hides_a_leak_from_git_does_not_hide_it_from_us(hiding: Hostile) -> None:
    """Objects are read whatever git is told to show instead."""
    assert attested(hiding.path, hiding.secret).still_there


@pytest.mark.parametrize("damaged", [a_cycle_of_two, a_missing_base, a_bomb])
def test_a_malformed_pack_does_not_keep_the_rest_from_being_searched(
    in_a_stash: Story, damaged: Callable[[Path], frozenset[str]]
) -> None:
    """What cannot be read is told; git, which such a pack can lead astray, is not asked."""
    damaged(in_a_stash.path)
    made = attested(in_a_stash.path, in_a_stash.secret)
    assert made.skipped
    assert sum(made.verdicts[0].counts.values()) == 1
