"""The linter over one commit of a repository."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set

from forensics.config.env_reads import language_of
from forensics.drift.env_vars.components import Components
from forensics.drift.env_vars.definitions import is_example, may_define
from forensics.drift.env_vars.gathered import LARGEST, Gathered, gather, is_ours, names_in, uses_of
from forensics.drift.env_vars.lint import found_in, needs_value
from forensics.drift.env_vars.model import EXAMPLE, FILE, EnvFinding, EnvUse, Linted
from forensics.drift.env_vars.since import with_since
from forensics.drift.env_vars.state import Bearing, Facts
from forensics.drift.environments import Placer
from forensics.git.commit_tree import CommitTree, TreeFile, read_tree
from forensics.git.repository import Repository
from forensics.git.runner import Git
from forensics.git.single import SingleObjects, single_objects

__all__ = ["lint", "uses"]


def uses(tree: CommitTree, read: Callable[[bytes], bytes]) -> Iterator[EnvUse]:
    """Every environment read of a tree as rows, in the order of its files.

    Args:
        tree: of a commit.
        read: gives the content of a blob by its id; raises Damaged where it cannot.
    """
    from forensics.git.inflate import Damaged

    components = Components(file.path for file in tree.files)
    for file in tree.files:
        scripts = file.kind == "executable" and b"." not in file.path.rpartition(b"/")[2]
        if file.kind not in ("file", "executable") or not (language_of(file.path) or scripts):
            continue
        if file.size > LARGEST or not is_ours(file.path):
            continue
        try:
            content = read(file.oid)
        except Damaged:
            continue
        yield from uses_of(file, content, components)


def lint(repository: Repository, commit: bytes, placer: Placer, *, history: bool = True) -> Linted:
    """What is wrong with the environment variables of a commit.

    Args:
        repository: to read.
        commit: its id.
        placer: tells which files belong to which environment.
        history: whether to look for the commit since which each finding stands.

    Raises:
        GitFailed: the commit cannot be read.
    """
    with single_objects(repository) as single, repository.git() as git:
        tree = read_tree(git, commit)
        read = _reader(single)
        gathered = gather(tree.files, read, placer)
        found = found_in(gathered, lambda names: _words(names, tree, read))
        if history:
            found = _dated(found, gathered, repository, git, commit, read, placer)
    trouble = list(gathered.trouble)
    if tree.trouble:
        trouble.append((b"", tree.trouble))
    return Linted(commit, tuple(found), tuple(trouble))


def _reader(single: SingleObjects) -> Callable[[bytes], bytes]:
    return lambda oid: single.read(oid)[1]


def _words(names: Set[str], tree: CommitTree, read: Callable[[bytes], bytes]) -> Set[str]:
    """Which names stand in any file that neither defines them nor is prose."""
    from forensics.config.kinds import kind_of
    from forensics.git.inflate import Damaged

    found: set[str] = set()
    for file in tree.files:
        if not _searched(file):
            continue
        try:
            content = read(file.oid)
        except Damaged:
            continue
        here = names_in(file.path, content) & names
        dotenv = kind_of(file.path, b"") == "dotenv"
        if here and may_define(file.path) and not dotenv:
            # A manifest that defines a name does not use it, unless it stands elsewhere in it.
            here = {name for name in here if _uses_too(name, content)}
        elif here and may_define(file.path):
            here = {name for name in here if re.search(rb"\$\{?%s\b" % name.encode(), content)}
        found |= here
    return found | {name for name in names if not name.isupper()}


def _searched(file: TreeFile) -> bool:
    return file.kind in ("file", "executable") and file.size <= LARGEST and is_ours(file.path)


def _uses_too(name: str, content: bytes) -> bool:
    word = re.escape(name.encode())
    return (
        re.search(rb"(?:\$\{?|\.|\(\s*|[\"'])" + word + rb"(?![A-Za-z0-9_])", content) is not None
    )


def _dated(
    found: list[EnvFinding],
    tree: Gathered,
    repository: Repository,
    git: Git,
    commit: bytes,
    read: Callable[[bytes], bytes],
    placer: Placer,
) -> list[EnvFinding]:
    bearings = [_bearing(one, tree, placer) for one in found]
    return with_since(found, bearings, repository, git, commit, read, Facts())


def _bearing(finding: EnvFinding, tree: Gathered, placer: Placer) -> Bearing:
    """What a finding rests on."""
    name, kind = finding.name, finding.kind
    if kind.endswith("unused"):
        role = (EXAMPLE,) if kind == "documented-unused" else (FILE, "manifest")
        holders = {one.path for one in tree.definitions if one.name == name and one.role in role}
        return Bearing(name, True, holders, lambda _: False, may_define)
    holders = {
        use.path
        for use in tree.uses
        if use.name == name and use.component == finding.component and needs_value(use)
    }
    # What defines it now does not reach this component, so it did not before.
    elsewhere = {one.path for one in tree.definitions if one.name == name}
    applies: Callable[[bytes], bool] = may_define
    givers: set[bytes] = set()
    standing: set[bytes] = set()
    if kind == "undocumented":
        applies = is_example
    elif kind == "missing-in-environment":
        applies = _of_environments(frozenset(finding.missing), placer)
        mine = [one for one in tree.definitions if one.environment and one.set == finding.set]
        givers = {one.path for one in mine if one.name == name}
        standing = {one.path for one in mine if one.environment in finding.missing}

    def blocks(path: bytes) -> bool:
        return path not in elsewhere and applies(path)

    return Bearing(name, False, holders, blocks, _is_code, givers, standing)


def _is_code(path: bytes) -> bool:
    return bool(language_of(path))


def _of_environments(names: frozenset[str], placer: Placer) -> Callable[[bytes], bool]:
    """Whether a file is of one of these environments, or of what all share."""

    def blocks(path: bytes) -> bool:
        place = placer.place(path)
        return place is not None and (place.environment in names or place.role == "base")

    return blocks
