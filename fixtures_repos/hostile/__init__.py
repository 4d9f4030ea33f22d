"""Repositories that try to run code on whoever reads them, or to hide what they hold.

Every command planted here only touches a file in `Hostile.marks`; a safe reader
leaves that folder empty. What is hidden must be found all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from fixtures_repos.hostile.commands import (
    commands_in_config,
    commands_in_included_config,
    hooks_and_attributes,
    promisor_that_runs_commands,
    signature_that_runs_gpg,
)
from fixtures_repos.hostile.hiding import (
    commit_graph_that_lies,
    grafts_that_hide,
    planted_shallow_file,
    replaced_blob,
    replaced_commit,
)
from fixtures_repos.hostile.places import (
    Hostile,
    alternates_elsewhere,
    git_file_elsewhere,
    git_symlink,
    planted_index,
    planted_index_symlink,
)

__all__ = ["HIDING", "PLACES", "RUNNING", "Hostile"]


def _by_name(*told: Callable[[Path], Hostile]) -> Mapping[str, Callable[[Path], Hostile]]:
    return {one.__name__: one for one in told}


RUNNING = _by_name(
    commands_in_config,
    commands_in_included_config,
    hooks_and_attributes,
    signature_that_runs_gpg,
    promisor_that_runs_commands,
)
"""Repositories that plant commands."""

HIDING = _by_name(
    replaced_commit, replaced_blob, grafts_that_hide, commit_graph_that_lies, planted_shallow_file
)
"""Repositories that make plain git overlook the leaking commit or blob."""

PLACES = _by_name(
    git_symlink, git_file_elsewhere, alternates_elsewhere, planted_index, planted_index_symlink
)
"""Repositories whose parts are not where, or not what, they should be."""
