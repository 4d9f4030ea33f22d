"""What hooks have in common: where git says things are, and the refusal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

from forensics.cli.common import INCOMPLETE, note
from forensics.cli.known import values_known
from forensics.cli.policy import own_files_in
from forensics.cli.prepare import Prepared, prepare
from forensics.cli.scan_new import findings_of, index_of
from forensics.errors import UsageProblem

if TYPE_CHECKING:
    from forensics.gate.new import Base
    from forensics.git.inflate import Content
    from forensics.git.own_files import OwnFiles
    from forensics.git.repository import Repository
    from forensics.git.runner import Git
    from forensics.git.working import Place
    from forensics.key import Key
    from forensics.report.way import Way
    from forensics.scan.judged import Judged, Known
    from forensics.scan.setup import ScannerSetup

__all__ = ["ALLOW", "PUSH_OPTION", "allowed_by_push", "given_place", "given_text", "run_hook"]

FOUND = 1
ALLOW = "FORENSICS_ALLOW"
PUSH_OPTION = "forensics.allow="
_INCOMPLETE = "incomplete"
_MOST_OPTIONS = 1_000
_MOST_INPUT = 64 << 20


class Judge(Protocol):
    """Finds what is new."""

    def __call__(
        self, repository: Repository, key: Key, setup: ScannerSetup, *, known: Known
    ) -> Judged: ...


def given_text() -> bytes:
    """What git tells the hook on standard input.

    Raises:
        UsageProblem: somebody runs it by hand, or it is too long.
    """
    if sys.stdin.isatty():
        raise UsageProblem("git runs this hook", "`forensics hook install` sets it up")
    text = sys.stdin.buffer.read(_MOST_INPUT + 1)
    if len(text) > _MOST_INPUT:
        raise UsageProblem("standard input is too long", "push fewer refs at once")
    return text


def given_place() -> Place:
    """Where git says that the index file and new objects are. Only hooks ask for it."""
    from forensics.git.working import Place

    index = os.environ.get("GIT_INDEX_FILE")
    objects = os.environ.get("GIT_OBJECT_DIRECTORY")
    others = os.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES", "")
    if '"' not in others:  # git quotes what holds a colon
        others = os.pathsep.join(str(Path(one).resolve()) for one in others.split(":") if one)
    return Place(
        objects=Path(objects).resolve() if objects else None,
        alternates=others if objects else "",
        index_file=Path(index).absolute() if index else None,
    )


def allowed_by_push() -> str:
    """What the options of a push allow."""
    text = os.environ.get("GIT_PUSH_OPTION_COUNT", "0")
    count = min(int(text), _MOST_OPTIONS) if text.isascii() and text.isdigit() else 0
    options = (os.environ.get(f"GIT_PUSH_OPTION_{number}", "") for number in range(count))
    return ",".join(one.removeprefix(PUSH_OPTION) for one in options if one.startswith(PUSH_OPTION))


def run_hook(
    judge: Judge,
    place: Place,
    way: Way,
    may_allow: str,
    asked: dict[str, Any],
    index: Path | None,
    policy: Path | None,
    trusted: bool | None,
) -> None:
    """Judge, and leave with an exit code that makes git refuse where there is anything to refuse.

    Args:
        judge: finds what is new.
        place: where new objects are.
        way: what to say.
        may_allow: ids of findings that are allowed this once, between commas.
        asked: the options that say what to look for, and what to ignore.
        index: where known secrets and decisions about them are, if not in the repository.
        policy: the forensics.toml that is named.
        trusted: whether the files of the work tree count; None where there is none to ask.

    Raises:
        UsageProblem, RuleError, KeyProblem: as `prepare` does, or a ref of the policy is not there.
        NotARepository, GitFailed: what is new cannot be told.
    """
    from forensics.git.repository import open_repository

    own = None if trusted is None else _own_files(trusted)
    ready = prepare(asked, own, policy, bool(trusted))
    repository = open_repository(Path(os.environ.get("GIT_DIR") or "."))
    base = ready.gate.base(lambda: repository, place)
    known = values_known(index, ready.key, ready.setup, in_hook=True)
    judged = judge(repository, ready.key, ready.setup, known=known)
    if judged.found or judged.skips:
        code = _refuse(judged, repository, ready, place, way, may_allow, index, base)
        if code:
            raise click.exceptions.Exit(code)


def _own_files(trusted: bool) -> OwnFiles | None:
    """The files at the top of the work tree, where git starts hooks that it tells its GIT_DIR."""
    from forensics.git.own_files import OwnFiles

    here, git_dir = Path.cwd(), os.environ.get("GIT_DIR")
    if git_dir and Path(git_dir).resolve() != here:
        return OwnFiles(here)
    return own_files_in(here, trusted=trusted)


def _refuse(
    judged: Judged,
    repository: Repository,
    ready: Prepared,
    place: Place,
    way: Way,
    may_allow: str,
    index: Path | None,
    base: Base | None,
) -> int:
    from forensics.gate.policy import PASS
    from forensics.index.database import in_memory
    from forensics.report.fingerprint import named
    from forensics.report.refusal import allowed, gap_lines, refusal_lines, short_id
    from forensics.scan.reported import gather

    key, gate = ready.key, ready.gate
    ids = {one for one in may_allow.replace(",", " ").split() if one}
    with closing(in_memory(key)) as connection:
        summary = index_of(connection, key, ready.setup, repository, judged)
        row = summary.repository
        findings = gate.judged(
            connection, row, findings_of(connection, summary, repository, index, key), {row: base}
        )
        with _contents(repository, place) as contents:
            part = gather(connection, key, row, findings, contents)
    everything = named(part.findings)
    counting = [one for one in everything if one.reported.finding.fails]
    if passing := sum(one.reported.finding.gate == PASS for one in everything):
        what = "finding passes" if passing == 1 else "findings pass"
        note(f"{passing:,} {what} by {gate.name}")
    refused = [one for one in counting if not allowed(one, ids)]
    if len(refused) < len(counting):
        passed = ", ".join(short_id(one) for one in counting if one not in refused)
        note(f"allowed this once: {passed}")
    code = 0
    lines: list[str] = []
    if refused:
        code = FOUND
        lines += refusal_lines(refused, part.rules, way)
    if not part.complete and _INCOMPLETE not in ids:
        code = code or INCOMPLETE
        lines += gap_lines(part.gaps, way)
    for line in lines:
        click.echo(line, err=True)
    return code


class _Contents:
    """Objects that are read again to show the lines of findings."""

    def __init__(self, git: Git) -> None:
        self._git = git

    def read(self, oid: bytes, kind: str, path: bytes | None) -> Content | None:
        """An object of git."""
        from forensics.git.batch import ReadObject, read_objects

        if kind not in ("blob", "commit", "tag"):
            return None
        for one in read_objects(self._git, [oid]):
            return one.content if isinstance(one, ReadObject) else None
        return None


@contextmanager
def _contents(repository: Repository, place: Place) -> Iterator[_Contents]:
    from forensics.git.working import working_git

    with working_git(repository, place) as git:
        yield _Contents(git)
