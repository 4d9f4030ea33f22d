"""Which commits a user means by a range, as git has them, or by a date."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from forensics.errors import GitFailed, UsageProblem
from forensics.git.batch import kinds_of
from forensics.git.introduced import Changes
from forensics.git.ref_names import refuse_several
from forensics.git.repository import Repository
from forensics.git.resolve import unknown_commit
from forensics.git.runner import Git, read_entries
from forensics.git.tags import with_tagged_tags

__all__ = [
    "Revisions", "commit_ids", "commits_named", "commits_of_range", "commits_since", "moment",
]  # fmt: skip

_SECONDS = 60.0
_NOTHING = re.compile(r"(?<!\w)(?:0{40}|0{64})(?!\w)")
_UPSTREAM = re.compile(r"@\{u(?:pstream)?\}", re.IGNORECASE)
_TRACKED = re.compile(r"branch\..+\.(?:remote|merge)|remote\..+\.fetch", re.DOTALL)
_AGO = re.compile(
    r"(?:\d+[ .](?:second|minute|hour|day|week|month|year)s?(?:[ .]ago)?|yesterday)", re.IGNORECASE
)


class Revisions(NamedTuple):
    """Commits, as `forensics.git.introduced.read_changes` takes them."""

    given: tuple[str, ...]
    """Ids; after `^`, of what is left out with all that it stands on."""
    walk: bool
    """Whether what they stand on counts too."""
    tags: tuple[bytes, ...] = ()
    """Ids of annotated tags that were named."""
    tips: tuple[bytes, ...] = ()
    """Ids of the commits that were named."""
    beside: tuple[Changes, ...] = ()
    """Trees and blobs that were named for themselves, as changes of no commit."""
    names: tuple[bytes, ...] = ()
    """Of refs that are new."""
    first_parent: bool = False
    """Whether merges are compared with their first parent alone."""
    paths: tuple[str, ...] = ()
    """Git's pathspecs that changes have to match; none for all."""


def commits_of_range(repository: Repository, git: Git, text: str) -> Revisions:
    """What `git log` walks for the same words: `A..B`, `A...B`, `B ^A`, `B`.

    Raises:
        UsageProblem: a word of it names no commit here.
    """
    words = text.split()
    if not words:
        raise UsageProblem("the range is empty", "write A..B")
    parsed = [one for word in words for one in _parsed(repository, git, word)]
    return _revisions(repository, git, text, parsed, walk=True)


def commits_named(repository: Repository, git: Git, names: Iterable[str]) -> Revisions:
    """Single commits, each by whatever names it.

    Raises:
        UsageProblem: one names no commit here, or several.
    """
    found = []
    for name in names:
        parsed = _parsed(repository, git, name)
        if len(parsed) != 1 or parsed[0].startswith("^"):
            raise UsageProblem(f"{name!r} is not one commit", "write --range for several")
        found += parsed
    return _revisions(repository, git, " ".join(names), found, walk=False)


def commits_since(repository: Repository, git: Git, text: str) -> Revisions:
    """What HEAD leads to and a ref does not; or, for a date, what was committed since then.

    Raises:
        UsageProblem: it is neither, or there is no commit yet.
    """
    head = _parsed(repository, git, "HEAD")
    if " " not in text and not text.startswith(("-", "^")) and ".." not in text:
        try:
            base = _parsed(repository, git, text)
        except UsageProblem as problem:
            if moment(git, text) is None:
                hint = f"{problem.hint}, or write a date such as 2024-05-31"
                raise UsageProblem(problem.args[0], hint) from None
        else:
            if moment(git, text) is not None:  # a ref could be called so to hide what is new
                raise UsageProblem(
                    f"{text!r} is a date, and also names {base[0]}",
                    f"write @SECONDS for the date, refs/… or {base[0]} for the other",
                )
            return _revisions(
                repository, git, text, [*head, *(f"^{one}" for one in base)], walk=True
            )
    since = moment(git, text)
    if since is None:
        raise UsageProblem(
            f"{text!r} is neither a commit nor a date", "write 2024-05-31, or 2.weeks.ago"
        )
    told = git.output(["rev-list", "--timestamp", "--topo-order", "--reverse", *head])
    lines = (line.split(b" ") for line in told.splitlines())
    chosen = tuple(oid.decode("ascii") for time, oid in lines if int(time) >= since)
    return Revisions(chosen, walk=False, tips=(bytes.fromhex(head[0]),))


def commit_ids(repository: Repository, git: Git, word: str) -> list[str]:
    """Ids of the commits that a word means, after `^` where they are left out.

    Raises:
        UsageProblem: it names no commit here.
    """
    parsed = _parsed(repository, git, word)
    names = [one.removeprefix("^") for one in parsed]
    found = []
    for one, (commit, _) in zip(
        parsed, kinds_of(git, (f"{one}^{{commit}}" for one in names)), strict=True
    ):
        if not commit:
            raise unknown_commit(repository, word)
        found.append("^" * one.startswith("^") + commit.hex())
    return found


def moment(git: Git, text: str) -> float | None:
    """Seconds since 1970 of a date as `forensics scan --since` takes it; None if it is none. A day
    without a time starts at its midnight here."""
    try:
        if text.startswith("@"):
            return float(text[1:]) if math.isfinite(float(text[1:])) else None
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        if not _AGO.fullmatch(text):
            return None
    told = git.output(["rev-parse", f"--since={text.replace(' ', '.')}"], timeout=_SECONDS)
    return float(told.decode("ascii").strip().removeprefix("--max-age="))


def _parsed(repository: Repository, git: Git, word: str) -> list[str]:
    """Ids of what a word means, after `^` where it is left out."""
    if _NOTHING.search(word):
        raise UsageProblem(
            f"{word!r} has the id that CI gives where nothing was before",
            "write --range HEAD for all, or --range 'HEAD ^origin/main' for what a branch adds",
        )
    try:
        if word.startswith("-") or "\0" in word:
            raise GitFailed("an option")
        told = git.output(
            [*_upstreams(repository, word), "rev-parse", word, "--"], timeout=_SECONDS
        )
    except GitFailed:
        raise unknown_commit(repository, word) from None
    refuse_several(git, word)
    return [line for line in told.decode("ascii").split("\n") if line and line != "--"]


def _upstreams(repository: Repository, word: str) -> list[str]:
    """What git has to be told to know which branches follow which, where a word asks for that."""
    if not _UPSTREAM.search(word):
        return []
    settings = read_entries(repository.common_dir / "config")
    known = [one for one in settings if _TRACKED.fullmatch(one[0]) and "=" not in one[0]]
    return [part for name, value in known for part in ("-c", f"{name}={value}")]


def _revisions(
    repository: Repository, git: Git, text: str, parsed: Sequence[str], *, walk: bool
) -> Revisions:
    """What is there of it; an id need not be."""
    names = [one.removeprefix("^") for one in parsed]
    kinds = kinds_of(git, names)
    peeled = kinds_of(git, (f"{one}^{{commit}}" for one in names))
    given, tags, tips = [], [], []
    for one, (oid, kind), (commit, _) in zip(parsed, kinds, peeled, strict=True):
        if not commit:
            raise unknown_commit(repository, text, "" if oid else one.removeprefix("^"))
        if one.startswith("^"):
            given.append(f"^{commit.hex()}")
            continue
        given.append(commit.hex())
        tips.append(commit)
        if kind == "tag":
            tags.append(oid)
    if all(one.startswith("^") for one in given):
        raise UsageProblem(f"{text!r} leaves everything out", "write A..B")
    return Revisions(tuple(given), walk, tuple(with_tagged_tags(git, tags)), tuple(tips))
