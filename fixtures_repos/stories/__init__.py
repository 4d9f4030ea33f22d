"""Small histories, each telling one way a secret enters a repository or leaves it.

Every story is a function from an empty folder to a `Story`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from fixtures_repos.stories.beside_files import (
    in_a_branch_name,
    in_a_commit_message,
    in_a_note,
    in_a_path_name,
    in_a_tag_message,
    in_a_tag_only,
    in_an_author_name,
    names_in_any_bytes,
)
from fixtures_repos.stories.files import (
    cherry_picked_to_a_release_branch,
    clock_skew,
    leaked_then_deleted,
    moved_by_rename,
    reintroduced,
    replaced,
    rolled_back,
    same_value_in_three_environments,
    staged_only,
)
from fixtures_repos.stories.merges import (
    criss_cross_merge,
    merged_in_by_an_evil_merge,
    octopus_merge,
    only_in_a_merge,
    side_branch_secret_dropped_by_merge,
)
from fixtures_repos.stories.story import Story
from fixtures_repos.stories.unreachable import (
    dangling_blob,
    dangling_commit,
    in_a_stash,
    rebased,
    reflog_only,
)

__all__ = ["STORIES", "Story"]

STORIES: Mapping[str, Callable[[Path], Story]] = {
    story.__name__: story
    for story in (
        leaked_then_deleted,
        replaced,
        rolled_back,
        moved_by_rename,
        reintroduced,
        cherry_picked_to_a_release_branch,
        clock_skew,
        same_value_in_three_environments,
        staged_only,
        merged_in_by_an_evil_merge,
        only_in_a_merge,
        side_branch_secret_dropped_by_merge,
        octopus_merge,
        criss_cross_merge,
        in_a_tag_only,
        in_a_tag_message,
        in_a_commit_message,
        in_a_note,
        in_a_path_name,
        in_an_author_name,
        in_a_branch_name,
        names_in_any_bytes,
        in_a_stash,
        dangling_commit,
        dangling_blob,
        reflog_only,
        rebased,
    )
}
"""Every story by its name."""
