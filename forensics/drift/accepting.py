"""Where accepted differences are written and read, and until when they count."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from forensics.drift.acceptance_file import AcceptanceFile
from forensics.errors import UsageProblem
from forensics.git.repository import open_repository
from forensics.index.decision_dates import check_ahead

__all__ = [
    "ACCEPTANCES_FILE", "default_file", "last_day", "read_acceptances", "read_or_new",
    "remove_acceptances", "today", "write_acceptances",
]  # fmt: skip

ACCEPTANCES_FILE = ".forensics-drift.toml"
"""What the file is called, at the top of a work tree, unless another is named."""
_LARGEST = 1 << 20


def today() -> date:
    """The day on which acceptances are judged, in UTC."""
    return datetime.now(UTC).date()


def default_file(path: Path) -> Path:
    """The file at the top of the work tree at `path`.

    Raises:
        NotARepository: there is none.
        UsageProblem: it has no work tree.
    """
    repository = open_repository(path)
    start = path.resolve()
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            file = folder / ACCEPTANCES_FILE
            return Path(ACCEPTANCES_FILE) if folder == Path.cwd() else file
        if folder == repository.git_dir:
            break
    raise UsageProblem(f"{path} has no work tree", "name a file with --file")


def last_day(given: str, day: date) -> date:
    """The day of a date, or so many days from `day`.

    Raises:
        UsageProblem: it is neither, before `day`, or too far ahead.
    """
    try:
        if days := re.fullmatch(r"(\d{1,5})d", given):
            found = day + timedelta(days=int(days[1]))
        else:
            found = datetime.fromisoformat(given).date()
    except (ValueError, OverflowError):
        raise UsageProblem(
            f"--expires {given!r} is not a date", "write 2027-01-31, or 90d for days from now"
        ) from None
    check_ahead("--expires", (found - day).days + 1)  # until that day is over
    return found


def read_acceptances(file: Path) -> AcceptanceFile:
    """What a file says.

    Raises:
        UsageProblem: it cannot be read, or something in it is wrong.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST + 1)
    except OSError as error:
        raise UsageProblem(
            f"{file} cannot be read: {error.strerror}",
            "`forensics drift accept` writes such a file",
        ) from None
    return AcceptanceFile.read(content, str(file))


def read_or_new(file: Path) -> AcceptanceFile:
    """What a file says; where there is none, nothing.

    Raises:
        UsageProblem: as `read_acceptances` does.
    """
    return read_acceptances(file) if file.exists() else AcceptanceFile.new(str(file))


def remove_acceptances(file: Path) -> None:
    """Take away a file that was written here.

    Raises:
        UsageProblem: it cannot be removed.
    """
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise UsageProblem(
            f"{file} cannot be removed: {error.strerror}", "let its folder be written to"
        ) from None


def write_acceptances(known: AcceptanceFile, file: Path) -> None:
    """Whole or not at all. A link could lead out of a repository that somebody else made.

    Raises:
        UsageProblem: it cannot be written, or is a link.
    """
    if file.is_symlink():
        raise UsageProblem(f"{file} is a symbolic link", "name the file it leads to with --file")
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        try:
            unfinished.write_text(known.text, "utf-8")
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise UsageProblem(
            f"{file} cannot be written: {error.strerror}", "name another with --file"
        ) from None
