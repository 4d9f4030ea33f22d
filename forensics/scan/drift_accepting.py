"""Accepting differences and taking that back: in a file for review, and in an index's journal."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from forensics.drift.acceptance import Acceptance
from forensics.drift.acceptance_file import AcceptanceFile
from forensics.drift.accepting import read_or_new, remove_acceptances, write_acceptances
from forensics.errors import UsageProblem
from forensics.index.database import create_or_open, writing
from forensics.index.journal import Entry, Journal
from forensics.key import Key
from forensics.scan.drift_names import Names, refuse_unfit

if TYPE_CHECKING:
    from forensics.scan.texts import Texts

__all__ = ["Change", "Told", "accepting", "change"]

_ACCEPTED, _TAKEN_BACK = "drift-accepted", "drift-taken-back"


class Change(NamedTuple):
    """What a file no longer accepts, and what it accepts instead."""

    file: Path
    gone: tuple[Acceptance, ...]
    come: tuple[Acceptance, ...]

    @property
    def undone(self) -> Change:
        """The way back."""
        return Change(self.file, self.come, self.gone)


@dataclass(frozen=True, slots=True)
class Told:
    """A journal to tell of it."""

    index: Path
    key: Key


def accepting(one: Acceptance, file: Path) -> Change:
    """What it takes that a file accepts this.

    Raises:
        UsageProblem: it cannot stand there, or the file cannot be read.
    """
    refuse_unfit(one)
    return Change(file, _about(read_or_new(file), (one,)), (one,))


def change(
    made: Change, told: Told | None, undoes: Sequence[int] = (), *, keep_bare: bool = True
) -> tuple[AcceptanceFile, list[int]]:
    """Change a file, and tell the journal, both or none of them; the file as it is now, and the
    rows of the journal.

    Args:
        made: the change.
        told: whose journal; where its file is not there, none is.
        undoes: the rows of what is taken back.
        keep_bare: whether the file stays where nothing is left in it but what every new file
            begins with.

    Raises:
        UsageProblem: the file is not as it was when the change was thought of, cannot be read, or
            not be written; or a text would hold a secret.
        IndexRefused, IndexWriteFailed, KeyProblem: the journal cannot be told.
    """
    known = read_or_new(made.file)
    if _plain(_about(known, (*made.gone, *made.come))) != _plain(made.gone):
        raise UsageProblem(
            f"somebody else changed that meanwhile, so nothing was done: {made.file}",
            "look at what it says",
        )
    gone = {one.about for one in made.gone}
    after = known.without(lambda one: one.about in gone)
    for one in made.come:
        after = after.with_one(one)
    rows: list[int] = []
    with ExitStack() as until_written:
        if told is not None and told.index.exists():
            database = until_written.enter_context(closing(create_or_open(told.index, told.key)))
            from forensics.scan.texts import Texts  # dulwich, which no first picture needs

            texts = Texts(told.key, database)
            _refuse_known(made, texts)
            until_written.enter_context(writing(database))
            journal = Journal(database, told.key)
            cause = undoes[0] if undoes else None
            rows = journal.extend(_entries(made, Names(told.key), texts, cause))
        if after.bare and not keep_bare:
            remove_acceptances(made.file)
        else:
            write_acceptances(after, made.file)
    return after, rows


def _about(known: AcceptanceFile, those: Sequence[Acceptance]) -> tuple[Acceptance, ...]:
    """What a file says about the same as those."""
    wanted = {one.about for one in those}
    return tuple(one for one in known.acceptances if one.about in wanted)


def _plain(those: Sequence[Acceptance]) -> list[Acceptance]:
    """Wherever in the file they stand."""
    return sorted(one._replace(line=0) for one in those)


def _refuse_known(made: Change, texts: Texts) -> None:
    """Keep values that the index knows out of a file that is committed."""
    for one in made.come:
        for what, text in (("owner", one.owner), ("reason", one.reason)):
            if texts.masked(text) != text:
                raise UsageProblem(f"--{what} holds a secret that the index knows", "leave it out")


def _entries(made: Change, names: Names, texts: Texts, undoes: int | None) -> list[Entry]:
    anew = {one.about for one in made.come}
    kinds = [(_TAKEN_BACK, one) for one in made.gone if one.about not in anew]
    kinds += [(_ACCEPTED, one) for one in made.come]
    found = []
    for kind, one in kinds:
        said = {"kind": names.masked(one.kind), "environment": names.masked(one.environment),
                "reason": texts.masked(one.reason), "owner": texts.masked(one.owner)}  # fmt: skip
        detail = {what: text for what, text in said.items() if text}
        detail |= {"expires": one.expires.isoformat(), "file": names.masked(str(made.file))}
        where = names.masked(one.set)
        found.append(Entry(kind, f"drift:{where}", names.masked(one.key), detail, undoes))
    return found
