"""What a commit changed, with every secret in it masked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Literal, NamedTuple

from detectors.scanner import Scanner
from forensics.errors import GitFailed, UsageProblem
from forensics.git.inflate import Damaged
from forensics.git.runner import Git
from forensics.git.single import SingleObjects
from forensics.index.database import Connection
from forensics.index.reported import Span
from forensics.index.shown_place import spans_in
from forensics.key import Key
from forensics.scan.masked_object import LARGEST, MaskedObject, Values, masked, secret_spans
from forensics.scan.setup import ScannerSetup
from forensics.scan.values_at_hand import values_at_hand

__all__ = ["DiffLine", "masked_diff"]

Kind = Literal["head", "message", "file", "hunk", "same", "added", "removed", "told"]

_MOST_FILES = 60
_MOST_LINES = 4_000
"""Of one file."""
_MOST_LISTED = 100_000
_SECONDS = 20.0
_HUNK = re.compile(rb"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_SUBMODULE = b"160000"
_CANNOT = "it could not be looked through, so it is not shown"


class DiffLine(NamedTuple):
    """A line of a diff."""

    kind: Kind
    text: bytes
    """As in the repository, but for secrets; not yet safe to print."""


class _Changed(NamedTuple):
    path: bytes
    before: bytes
    after: bytes
    """Ids; empty where there is none."""
    submodule: bool


def masked_diff(
    connection: Connection,
    key: Key,
    row: int,
    single: SingleObjects,
    commit: bytes,
    setup: ScannerSetup,
    *,
    paths: Collection[bytes] = (),
    secrets: Collection[str] = (),
) -> Iterator[DiffLine]:
    """A commit and what it changed against its first parent. Masked are the secrets that the index
    knows in either version, those that rules find there now, and wherever they or long pieces of
    them stand the values of all these, of `secrets`, and of the secrets of the repository.

    Args:
        connection: of the index.
        key: the index's.
        row: of the repository in it.
        single: reads its objects.
        commit: its id.
        setup: what else to find.
        paths: files that come first.
        secrets: fingerprints of secrets to look for everywhere.

    Raises:
        UsageProblem: the commit cannot be read again.
    """
    if single.astray:
        raise UsageProblem(
            "a pack there leads git astray, so that it cannot tell what a commit changed",
            "`forensics doctor` tells more",
        )
    try:
        kind, raw = single.read(commit)
    except Damaged as damage:
        raise UsageProblem(
            f"{commit.hex()[:12]} cannot be read: {damage}", "scan it again"
        ) from None
    if kind != "commit":
        raise UsageProblem(f"{commit.hex()[:12]} is a {kind}", "name a commit")
    changed = _changed(single.git, raw, commit)
    first = [one for one in changed if one.path in paths]
    ordered = [*first, *(one for one in changed if one.path not in paths)]
    shown = ordered[:_MOST_FILES]
    there = [one.path for one in shown]
    values = values_at_hand(connection, key, row, single, setup, paths=there, secrets=secrets)
    files = _Files(connection, key, row, single, setup.scanner(), values)
    files.learn([(commit, "commit"), *((oid, "blob") for one in shown for oid in one[1:3])])
    yield from files.message(commit, raw)
    for one in shown:
        yield from files.file(one)
    if len(ordered) > _MOST_FILES:
        yield DiffLine("told", b"and %d more files" % (len(ordered) - _MOST_FILES))


def _changed(git: Git, raw: bytes, commit: bytes) -> list[_Changed]:
    parents = re.findall(rb"^parent ([0-9a-f]+)$", raw.partition(b"\n\n")[0], re.MULTILINE)
    arguments = ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-commit-id", "--full-index"]
    arguments += [parents[0].decode(), commit.hex()] if parents else ["--root", commit.hex()]
    try:
        output = git.output(arguments, timeout=_SECONDS)
    except GitFailed as failure:
        raise UsageProblem(f"what it changed cannot be told: {failure}", "scan it again") from None
    fields = output.split(b"\0")[: 2 * _MOST_LISTED]
    found = []
    for told, path in zip(fields[::2], fields[1::2], strict=False):
        modes_and_ids = told.lstrip(b":").split()
        if len(modes_and_ids) != 5:
            break
        before, after, old, new, _ = modes_and_ids
        ids = [b"" if not one.strip(b"0") else bytes.fromhex(one.decode()) for one in (old, new)]
        found.append(_Changed(path, ids[0], ids[1], _SUBMODULE in (before, after)))
    return found


class _Files:
    """Shows files of one commit."""

    def __init__(
        self,
        connection: Connection,
        key: Key,
        row: int,
        single: SingleObjects,
        scanner: Scanner,
        values: Values,
    ) -> None:
        self._db, self._key, self._row = connection, key, row
        self._single, self._scanner, self._values = single, scanner, values
        self._spans: dict[bytes, list[Span] | None] = {}

    def learn(self, objects: Iterable[tuple[bytes, str]]) -> None:
        """Look through all that is going to be shown, so that a value found in one file is masked
        in every other."""
        for oid, kind in objects:
            if not oid or oid in self._spans:
                continue
            content = self._content(oid, kind)
            if isinstance(content, bytes):
                known = spans_in(self._db, self._row, [oid])[oid]
                spans = secret_spans(content, known, self._scanner, self._key)
                self._spans[oid] = spans
                self._values.learn(content, spans or ())

    def message(self, commit: bytes, raw: bytes) -> Iterator[DiffLine]:
        """Who, when, and what they said of it."""
        spans = self._spans.get(commit)
        if spans is None:
            yield DiffLine("told", _CANNOT.encode())
            return
        header = True
        for line in masked(raw, spans, self._values).lines:
            header = header and bool(line)
            if not header:
                yield DiffLine("message", line)
            elif line.split(b" ", 1)[0] in (b"author", b"committer", b"parent"):
                yield DiffLine("head", line)

    def file(self, changed: _Changed) -> Iterator[DiffLine]:
        """One file: its name and the lines around what changed."""
        in_name = secret_spans(changed.path, (), self._scanner, self._key)
        name = None if in_name is None else masked(changed.path, in_name, self._values).lines
        how = b"" if changed.before and changed.after else b" added" if changed.after else b" gone"
        yield DiffLine("file", (b"\n".join(name) if name is not None else b"****") + how)
        if changed.submodule:
            yield DiffLine("told", b"a commit of another repository")
            return
        sides = []
        for oid in (changed.before, changed.after):
            side = self._side(oid)
            if isinstance(side, str):
                yield DiffLine("told", side.encode())
                return
            sides.append(side)
        yield from _lines(self._single.git, changed, sides[0], sides[1])

    def _side(self, oid: bytes) -> MaskedObject | str:
        """One version, or why it is not shown."""
        if not oid:
            return MaskedObject((), ())
        content = self._content(oid, "blob")
        if isinstance(content, str):
            return content
        spans = self._spans.get(oid)
        return _CANNOT if spans is None else masked(content, spans, self._values)

    def _content(self, oid: bytes, wanted: str) -> bytes | str:
        try:
            kind, content = self._single.read(oid)
        except Damaged as damage:
            return f"not shown: {damage}"
        if kind != wanted:
            return f"a {kind}"
        if len(content) > LARGEST:
            return f"not shown: {len(content):,} bytes"
        if wanted == "blob" and b"\0" in content[:8000]:
            return f"binary, {len(content):,} bytes"
        return content


def _lines(
    git: Git, changed: _Changed, before: MaskedObject, after: MaskedObject
) -> Iterator[DiffLine]:
    count = 0
    for old, olds, new, news in _hunks(git, changed, before, after):
        yield DiffLine("hunk", b"@@ -%d,%d +%d,%d @@" % (old, olds, new, news))
        removed = [DiffLine("removed", one) for one in before.lines[max(old - 1, 0) :][:olds]]
        added = [DiffLine("added", one) for one in after.lines[max(new - 1, 0) :][:news]]
        for one in _together(removed, added):
            yield one
            count += 1
            if count >= _MOST_LINES:
                yield DiffLine("told", b"and more lines")
                return


def _together(removed: list[DiffLine], added: list[DiffLine]) -> Iterator[DiffLine]:
    """The two sides of a hunk, lines that stayed only once."""
    start = 0
    while start < min(len(removed), len(added)) and removed[start].text == added[start].text:
        start += 1
    end = 0
    rest = min(len(removed), len(added)) - start
    while end < rest and removed[-1 - end].text == added[-1 - end].text:
        end += 1
    yield from (DiffLine("same", one.text) for one in removed[:start])
    yield from removed[start : len(removed) - end]
    yield from added[start : len(added) - end]
    yield from (DiffLine("same", one.text) for one in removed[len(removed) - end :])


def _hunks(
    git: Git, changed: _Changed, before: MaskedObject, after: MaskedObject
) -> Iterator[tuple[int, int, int, int]]:
    """First line and number of lines of each side. Only the numbers are taken from git, whose
    lines hold secrets; masked objects have the same lines."""
    if not changed.before or not changed.after:
        yield int(bool(before.lines)), len(before.lines), int(bool(after.lines)), len(after.lines)
        return
    arguments = ["diff", "--no-ext-diff", "--no-textconv", "--no-color", "-U3", "--text"]
    arguments += [changed.before.hex(), changed.after.hex()]
    try:
        output = git.output(arguments, timeout=_SECONDS)
    except GitFailed:
        return
    for old, olds, new, news in _HUNK.findall(output):
        yield int(old), int(olds or 1), int(new), int(news or 1)
