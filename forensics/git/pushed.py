"""Which commits a push brings, as git tells its hooks on standard input.

Source: https://git-scm.com/docs/githooks
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from forensics.errors import GitFailed, UsageProblem
from forensics.git.batch import Unread, kinds_of, read_objects
from forensics.git.commit_tree import tree_files
from forensics.git.introduced import Change, Changes
from forensics.git.repository import Repository
from forensics.git.revisions import Revisions
from forensics.git.runner import Git
from forensics.git.tags import tagged_commits

__all__ = ["Update", "commits_pushed", "commits_received", "pushed_updates", "received_updates"]

_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_OBJECT = re.compile(rb"object ([0-9a-f]+)\n")
_DEEPEST_TAG = 50


class Update(NamedTuple):
    """A ref that a push sets."""

    old: str
    """Id of what it names at the other side, or named here; zeros for a new one."""
    new: str
    """Id; zeros where it is deleted."""
    ref: str


def _lines(text: bytes, words: int) -> list[list[str]]:
    lines = [
        line.rsplit(" ", words - 1)  # what is pushed can be called `HEAD^{/two words}`
        for line in text.decode("utf-8", "surrogateescape").split("\n")
        if line
    ]
    if any(len(line) != words for line in lines):
        raise UsageProblem("standard input is not what git tells this hook", "let git run it")
    return lines


def _update(old: str, new: str, ref: str) -> Update:
    if not _ID.fullmatch(old) or not _ID.fullmatch(new):
        raise UsageProblem("standard input is not what git tells this hook", "let git run it")
    return Update(old, new, ref)


def received_updates(text: bytes) -> list[Update]:
    """What pre-receive and post-receive are told.

    Raises:
        UsageProblem: it is something else, or nothing, for which git does not run these hooks.
    """
    if not text.strip():
        raise UsageProblem(
            "standard input is empty", "hand on what git tells, if a script before this reads it"
        )
    return [_update(old, new, ref) for old, new, ref in _lines(text, 3)]


def pushed_updates(text: bytes) -> list[Update]:
    """What pre-push is told.

    Raises:
        UsageProblem: it is something else.
    """
    return [_update(old, new, ref) for _, new, ref, old in _lines(text, 4)]


def _zero(oid: str) -> bool:
    return not oid.strip("0")


class _Known(NamedTuple):
    """A ref that is there."""

    oid: str
    name: str
    commit: str
    """What it leads to; empty if that is no commit."""


def _known(git: Git, *patterns: str) -> list[_Known]:
    """Refs that are there, without names of other refs, which are set with those."""
    told = git.output(
        ["for-each-ref", "--format=%(objectname) %(objecttype) %(symref) %(refname)", *patterns]
    )
    lines = told.decode("utf-8", "surrogateescape").split("\n")[:-1]
    facts = [line.split(" ", 3) for line in lines]
    named = [(oid, kind, name) for oid, kind, other, name in facts if not other]
    led_to = tagged_commits(git, (bytes.fromhex(oid) for oid, kind, _ in named if kind == "tag"))
    commits = {tag.hex(): commit.hex() for tag, commit in led_to.items()}
    return [
        _Known(oid, name, oid if kind == "commit" else commits.get(oid, ""))
        for oid, kind, name in named
    ]


def commits_received(repository: Repository, git: Git, updates: Sequence[Update]) -> Revisions:
    """What these updates lead to and no ref led to before them, whichever objects are new; the same
    before and after the refs are set.

    Raises:
        UsageProblem: something pushed is not here.
        GitFailed: the refs cannot be listed.
    """
    names = {one.ref for one in updates}
    before = [one for one in _known(git) if one.name not in names]
    old = [one.old for one in updates if not _zero(one.old)]
    commits = [one.commit for one in before if one.commit] + _commits(git, old)
    return _revisions(git, updates, commits, {*old, *(one.oid for one in before)})


def commits_pushed(
    repository: Repository, git: Git, updates: Sequence[Update], remote: str
) -> Revisions:
    """What these updates lead to and the remote does not have, as far as is known here: what its
    refs name, and what it was last seen with.

    Raises:
        UsageProblem: something pushed is not here.
        GitFailed: the refs cannot be listed.
    """
    if not any(not _zero(one.new) for one in updates):
        return Revisions((), walk=True)
    seen = _known(git, f"refs/remotes/{remote}") if re.fullmatch(r"[\w.@/+-]+", remote) else []
    old = [one.old for one in updates if not _zero(one.old)]
    commits = [one.commit for one in seen if one.commit] + _commits(git, old)
    return _revisions(git, updates, commits, {*old})


def _commits(git: Git, oids: Iterable[str]) -> list[str]:
    """The commits that these lead to, where they are here."""
    names = [f"{oid}^{{commit}}" for oid in oids]
    return [oid.hex() for oid, kind in kinds_of(git, names) if kind == "commit"] if names else []


def _revisions(
    git: Git, updates: Sequence[Update], before: Iterable[str], known: set[str]
) -> Revisions:
    given: list[str] = []
    tags: list[bytes] = []
    beside: list[Changes] = []
    named = [(one.ref, one.new) for one in updates]
    for _ in range(_DEEPEST_TAG):
        named = [(ref, oid) for ref, oid in named if not _zero(oid) and oid not in known]
        kinds = kinds_of(git, [oid for _, oid in named]) if named else []
        of_tags: list[tuple[str, str]] = []
        for (ref, oid), (_, kind) in zip(named, kinds, strict=True):
            if kind == "missing":
                raise UsageProblem(f"{oid}, which is pushed, is not here", "let git run this hook")
            if kind == "commit":
                given.append(oid)
            elif kind == "tag":
                of_tags.append((ref, oid))
            else:
                beside.append(_alone(git, oid, kind, ref))
        tags += [bytes.fromhex(oid) for _, oid in of_tags]
        named = list(zip((ref for ref, _ in of_tags), _tagged(git, of_tags), strict=True))
    if named:
        raise GitFailed(f"{named[0][0]} is a tag of too many tags")
    names = tuple(
        one.ref.encode("utf-8", "surrogateescape")
        for one in updates
        if _zero(one.old) and not _zero(one.new)
    )
    tips = tuple(dict.fromkeys(bytes.fromhex(oid) for oid in given))
    left_out = tuple(f"^{oid}" for oid in dict.fromkeys(before))
    return Revisions(
        (*dict.fromkeys(given), *left_out) if given else (), True, tuple(dict.fromkeys(tags)), tips,
        tuple(beside), names=names,
    )  # fmt: skip


def _tagged(git: Git, tags: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What each tag names; zero where it does not say."""
    for one in read_objects(git, [bytes.fromhex(oid) for _, oid in tags]):
        if isinstance(one, Unread):
            raise GitFailed(f"{one.oid.hex()}, which is pushed: {one.reason}")
        named = _OBJECT.match(one.content)
        yield named[1].decode("ascii") if named else "0"


def _alone(git: Git, oid: str, kind: str, ref: str) -> Changes:
    """A blob or tree that a ref names, as if everything in it were added."""
    if kind == "blob":
        name = ref.encode("utf-8", "surrogateescape")
        return Changes(b"", (), (Change(name, bytes.fromhex(oid), ()),))
    files = tree_files(git, bytes.fromhex(oid))
    added = (Change(one.path, one.oid, ()) for one in files if one.kind != "submodule")
    return Changes(b"", (), tuple(added))
