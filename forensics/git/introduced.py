"""What commits change against all their parents at once.

A path whose content one parent has too is left out, so what is told is all that a commit can
introduce. Source: "combined diff format" in https://git-scm.com/docs/git-diff-tree
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from forensics.errors import GitFailed
from forensics.git.log_output import whole_tokens
from forensics.git.runner import Git

__all__ = ["Change", "Changes", "read_changes", "read_index_changes", "read_unstaged_changes"]

_SUBMODULE = b"160000"
_SECONDS = 120.0
_MOST_CHANGES = 2_000_000
"""Of one commit. A tree of a few kilobytes can hold its parts ten to the tenth power of times."""
_LOG = (
    "log", "--stdin", "--raw", "-z", "--no-renames", "--no-abbrev", "--root",
    "--encoding=none", "--format=%x01%H %P",
)  # fmt: skip


class Change(NamedTuple):
    """A path that holds something else than in any parent."""

    path: bytes
    oid: bytes
    """Of the blob that it holds now."""
    before: tuple[bytes, ...]
    """Of the blobs that it held in parents; empty where no parent has it."""


class Changes(NamedTuple):
    """All that one commit changes."""

    commit: bytes
    """Its id; empty for what is not committed yet."""
    parents: tuple[bytes, ...]
    changes: tuple[Change, ...]


def _blob(mode: bytes, oid: bytes) -> bytes:
    """The id of a blob, empty where there is none at that side."""
    return b"" if mode in (b"000000", _SUBMODULE) else bytes.fromhex(oid.decode("ascii"))


def _change(facts: bytes, path: bytes) -> Change | None:
    """A raw line of any number of parents and its path; None if nothing stands there now."""
    sides = len(facts) - len(facts.lstrip(b":")) + 1
    words = facts[sides - 1 :].split(b" ")
    modes, ids = words[:sides], words[sides : 2 * sides]
    *before, now = (_blob(*one) for one in zip(modes, ids, strict=True))
    if not now or now in before:
        return None
    return Change(path, now, tuple(dict.fromkeys(one for one in before if one)))


def read_changes(
    git: Git,
    revisions: Sequence[str],
    *,
    walk: bool = True,
    first_parent: bool = False,
    paths: Sequence[str] = (),
) -> Iterator[Changes]:
    """What commits change, those of parents first.

    Args:
        git: over the repository.
        revisions: ids; after `^`, of what is left out with all that it stands on.
        walk: whether everything counts that these stand on; else only they, in that order.
        first_parent: whether a merge is compared with its first parent alone.
        paths: what is told of, as git's pathspecs from the top; everything where there are none.

    Raises:
        GitFailed: git stopped at something damaged or missing, or a commit changes too much.
    """
    order = ("--topo-order", "--reverse") if walk else ("--no-walk=unsorted",)
    given = "".join(f"{one}\n" for one in revisions).encode()
    commit = b""
    parents: tuple[bytes, ...] = ()
    changes: list[Change] = []
    merges = "--diff-merges=first-parent" if first_parent else "--diff-merges=combined"
    words = [*_LOG, merges, *order, *(("--", *paths) if paths else ())]
    for tokens in whole_tokens(git.pieces(words, given)):
        stream = iter(tokens)
        for token in stream:
            if token[:1] == b"\x01":
                if commit:
                    yield Changes(commit, parents, tuple(changes))
                ids = token[1:].decode("ascii").split()
                commit, *rest = map(bytes.fromhex, ids)
                parents, changes = tuple(rest), []
                continue
            if not token:  # between a merge's header and its changes
                continue
            change = _change(token.lstrip(b"\n"), next(stream))
            if change is not None:
                changes.append(change)
                if len(changes) > _MOST_CHANGES:
                    raise GitFailed("a commit changes too much")
    if commit:
        yield Changes(commit, parents, tuple(changes))


def read_index_changes(git: Git, against: Sequence[str], *words: str) -> list[Change]:
    """What the index file, or the work tree, holds that none of the commits or trees in `against`
    holds at the same path.

    Args:
        git: with that index file, and work tree.
        against: their ids.
        words: `--cached` to leave the work tree alone. What changed there has an id of zeros.

    Raises:
        GitFailed: the index file is damaged, or something is missing.
    """
    before: dict[bytes, list[bytes]] = {}
    now: dict[bytes, bytes] = {}
    for number, parent in enumerate(against):
        found = _told(git, "diff-index", *words, parent)
        now = {
            path: one.oid for path, one in found.items() if not number or path in now
        }  # what one parent has too is not introduced
        for path, one in found.items():
            before.setdefault(path, []).extend(one.before)
    return [Change(path, oid, tuple(before[path])) for path, oid in now.items()]


def read_unstaged_changes(git: Git) -> list[Change]:
    """What the work tree holds of tracked files that the index file does not. Its ids are zeros.

    Raises:
        GitFailed: the index file is damaged, or something is missing.
    """
    return list(_told(git, "diff-files").values())


def _told(git: Git, command: str, *words: str) -> dict[bytes, Change]:
    """By path, what one of git's commands that compare with the index file tells."""
    arguments = [command, "--raw", "-z", "--no-renames", "--no-abbrev",
                 "--ignore-submodules=all", *words, "--"]  # fmt: skip
    tokens = git.output(arguments, timeout=_SECONDS).split(b"\0")[:-1]
    found: dict[bytes, Change] = {}
    for facts, path in zip(tokens[::2], tokens[1::2], strict=True):
        change = None if facts.endswith(b" U") else _change(facts, path)
        if change is not None:
            found[path] = change
    return found
