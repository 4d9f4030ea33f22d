"""`--format` and `--report`: findings for other programs, gathered over all that is scanned."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from forensics.cli import completing
from forensics.cli.common import FORMATS
from forensics.cli.inputs import refuse_inputs
from forensics.cli.writing import check_writable, write_text
from forensics.errors import UsageProblem

if TYPE_CHECKING:
    from forensics.git.repository import Repository
    from forensics.index.database import Connection
    from forensics.index.records import Finding
    from forensics.key import Key
    from forensics.scan.read_again import Contents
    from forensics.scan.reported import Part
    from forensics.scan.setup import ScannerSetup

__all__ = ["FILE_FORMATS", "Asked", "Reports", "format_options"]

_NAMES = (
    "csv",
    "sarif",
    "junit",
    "gitleaks",
    "gitleaks-csv",
    "github",
    "gitlab",
    "defectdojo",
    "markdown",
)
"""As `forensics.report.formats` has them, which takes long to import."""
_OURS = ("json", "jsonl")
FILE_FORMATS = (*_NAMES, *_OURS)
"""What `--report` writes."""


def format_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that lists findings; it gets their values as `Asked.taken_from`
    takes them."""
    for option in (
        click.option(
            "--deterministic", is_flag=True,
            help="Put the same time into reports every time: SOURCE_DATE_EPOCH, or 1970.",
        ),
        click.option(
            "--report", "reports", multiple=True, metavar="FORMAT=FILE",
            shell_complete=completing.formats_of_files,
            help="Also write this format to FILE, which is replaced; repeat.",
        ),
        click.option(
            "-f", "--format", "output_format", type=click.Choice((*FORMATS, *_NAMES)),
            default="table", show_default=True, help="How to print findings.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


class Asked(NamedTuple):
    """What a user wants to be told, and where."""

    output_format: str
    files: tuple[tuple[str, Path], ...]
    deterministic: bool

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> Asked:
        """What `format_options` gave, taken out of all options.

        Raises:
            UsageProblem: as `of` does.
        """
        names = ("output_format", "reports", "deterministic")
        return cls.of(**{name: options.pop(name) for name in names})

    @classmethod
    def of(cls, output_format: str, reports: Sequence[str], deterministic: bool) -> Asked:
        """What options say.

        Raises:
            UsageProblem: one is no format and file, two name one file, or one cannot be written or
                is read by the command.
        """
        files = tuple(_report(one) for one in reports)
        places = [file.resolve() for _, file in files]
        for (_, file), place in zip(files, places, strict=True):
            if places.count(place) > 1:
                raise UsageProblem(f"two reports would be {file}", "name a file for each")
            check_writable(file)
            refuse_inputs(file)
        return cls(output_format, files, deterministic)

    @property
    def printed(self) -> bool:
        """Whether a report goes to standard output."""
        return self.output_format in _NAMES

    @property
    def any(self) -> bool:
        """Whether there is any report to make."""
        return self.printed or bool(self.files)

    @property
    def wanted(self) -> frozenset[str]:
        """All formats that need more than findings."""
        return frozenset((self.output_format, *(name for name, _ in self.files))) - {*FORMATS}


def _report(text: str) -> tuple[str, Path]:
    name, equals, file = text.partition("=")
    if not equals or not file or name not in FILE_FORMATS:
        raise UsageProblem(
            f"--report {text!r} is not FORMAT=FILE",
            f"write --report sarif=out.sarif; formats are {', '.join(FILE_FORMATS)}",
        )
    if file == "-":
        raise UsageProblem("--report writes files", f"`-f {name}` prints a report")
    return name, Path(file)


class Reports:
    """Gathers what was scanned, and writes it once all of it is there."""

    def __init__(self, asked: Asked) -> None:
        self._asked, self._began = asked, time.time()
        self._parts: list[Part] = []
        self._findings: list[Finding] = []

    def add(
        self,
        connection: Connection,
        key: Key,
        row: int,
        findings: Iterable[Finding],
        source: Repository | Path | None,
        setup: ScannerSetup | None = None,
    ) -> int:
        """Gather findings of one repository or folder, by its row, while its index is open; how
        many there are that fail.

        Args:
            source: what objects are read again from; None where that cannot be.
            setup: what it was scanned with; as usual if not given.
        """
        chosen = list(findings)
        if any(name in _OURS for name, _ in self._asked.files):
            self._findings += chosen
        if self._asked.wanted:
            self._parts.append(self._part(connection, key, row, chosen, source, setup))
        return sum(one.fails for one in chosen)

    def _part(
        self,
        connection: Connection,
        key: Key,
        row: int,
        findings: Sequence[Finding],
        source: Repository | Path | None,
        setup: ScannerSetup | None,
    ) -> Part:
        from forensics.index.coverage import payloads_covered
        from forensics.report.formats import FORMATS as TABLE
        from forensics.scan.provenance import provenance_of
        from forensics.scan.reported import gather
        from forensics.scan.uncovered import uncovered

        needs = [TABLE[name] for name in self._asked.wanted]
        repository = None if source is None or isinstance(source, Path) else source
        provenance = None
        missing = []
        if repository is not None:
            length = repository.hash_bytes
            missing = uncovered(repository, payloads_covered(connection, key, row, length))
        if repository is not None and any(one.provenance for one in needs):
            provenance = provenance_of(repository, key, setup or _usual(key))
        with _contents(source, key, bool(findings)) as contents:
            return gather(
                connection, key, row, findings, contents,
                uncovered=missing,
                provenance=provenance,
                messages=any(one.messages for one in needs),
            )  # fmt: skip

    def write(self) -> None:
        """Print what goes to standard output and write the files.

        Raises:
            UsageProblem: a file cannot be written.
        """
        asked = self._asked
        if asked.wanted:
            from forensics.report.formats import make_report, written

            report = make_report(self._parts, self._began, deterministic=asked.deterministic)
            if asked.printed:
                write_text(written(asked.output_format, report), None)
        for name, file in asked.files:
            if name in _OURS:
                from forensics.report.jsonlines import as_json, as_jsonl

                lines = (as_json if name == "json" else as_jsonl)(self._findings)
                write_text((f"{line}\n" for line in lines), file, private=False)
            else:
                write_text(written(name, report), file, private=False)


def _usual(key: Key) -> ScannerSetup:
    from forensics.scan.setup import usual_setup

    return usual_setup(key)


def _contents(
    source: Repository | Path | None, key: Key, needed: bool
) -> AbstractContextManager[Contents]:
    from forensics.scan.read_again import folder_contents, no_contents, repository_contents

    if source is None or not needed:
        return nullcontext(no_contents())
    if isinstance(source, Path):
        return nullcontext(folder_contents(source, key))
    return repository_contents(source)
