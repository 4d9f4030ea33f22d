"""Names of files and sets as they may be printed."""

from __future__ import annotations

import os
import re
from secrets import token_bytes
from typing import TYPE_CHECKING

from forensics.drift.model import Matrix
from forensics.errors import KeyProblem, UsageProblem

if TYPE_CHECKING:
    from detectors.scanner import Scanner
    from forensics.drift.acceptance import Acceptance
    from forensics.drift.env_vars import Linted
    from forensics.drift.survey import Survey
    from forensics.key import Key
    from forensics.scan.masking import Masker

__all__ = ["Names", "refuse_unfit", "scanner_with"]

_COULD_HOLD_ONE = re.compile(r"(?=[\w+=.-]*\d)(?=[\w+=.-]*[A-Za-z])[\w+=.-]{20,}")
"""Tokens have this many letters and digits in a row; most names of files have not, and spare the
scanner."""


class Names:
    """Masks secrets in names, as the index does."""

    def __init__(self, key: Key | None = None) -> None:
        """Mask by the built-in rules.

        Args:
            key: the index's; the user's own, if there is one, where no index is used.
        """
        self._key = key
        self._masker: Masker | None = None

    def masked(self, text: str) -> str:
        """The name, every secret in it masked."""
        if not _COULD_HOLD_ONE.search(text):
            return text
        return self.mask(text.encode("utf-8", "surrogateescape")).decode(
            "utf-8", "backslashreplace"
        )

    def mask(self, text: bytes) -> bytes:
        """Any text, every secret in it masked."""
        if self._masker is None:
            from forensics.scan.masking import Masker

            key, scanner = scanner_with(self._key)
            self._masker = Masker(scanner, key)
        return self._masker.mask(text)

    def survey(self, survey: Survey) -> Survey:
        """A survey whose sets, and the paths of its events, have such names."""
        events = (
            event._replace(set=self.masked(event.set), paths=tuple(map(self.masked, event.paths)))
            for event in survey.events
        )
        states = {self.masked(name): state for name, state in survey.states.items()}
        return survey._replace(events=tuple(events), states=states)

    def matrix(self, matrix: Matrix) -> Matrix:
        """A matrix whose paths have such names."""
        rows = (
            row._replace(
                cells={
                    name: cell._replace(path=self.masked(cell.path))
                    for name, cell in row.cells.items()
                }
            )
            for row in matrix.rows
        )
        uncertain = tuple((self.masked(path), why) for path, why in matrix.uncertain)
        return matrix._replace(rows=tuple(rows), uncertain=uncertain)

    def linted(self, linted: Linted) -> Linted:
        """What was found of environment variables, with such names."""
        findings = tuple(
            each._replace(
                name=self.masked(each.name),
                component=self.masked(each.component),
                path=self._path(each.path),
                present=tuple(map(self.masked, each.present)),
                missing=tuple(map(self.masked, each.missing)),
                set=self.masked(each.set),
            )
            for each in linted.findings
        )
        trouble = tuple((self._path(path), why) for path, why in linted.trouble)
        return linted._replace(findings=findings, trouble=trouble)

    def _path(self, path: bytes) -> bytes:
        return self.masked(os.fsdecode(path)).encode("utf-8", "surrogateescape")


def scanner_with(key: Key | None) -> tuple[Key, Scanner]:
    """What finds secrets by the built-in rules, and the key it was made with: the one given, else
    the user's, else one for this process alone."""
    from forensics.key import Key, load_key
    from forensics.scan.setup import ScannerSetup, usual_setup

    try:
        known = key or load_key(create=False)
    except KeyProblem:
        return Key(token_bytes(32), "this process"), ScannerSetup().scanner()
    return known, usual_setup(known).scanner()


def refuse_unfit(one: Acceptance) -> None:
    """Keep out of a file that is committed what cannot stand there, and what a detector finds.

    Raises:
        UsageProblem: a text is empty, too long, does not print, or holds a secret.
    """
    from forensics.drift.acceptance_file import check_text

    for what in ("set", "key", "reason", "owner"):
        check_text(f"--{what}", getattr(one, what))
    _, scanner = scanner_with(None)
    for what in ("reason", "owner"):
        text: str = getattr(one, what)
        if hits := scanner.scan(text.encode("utf-8", "surrogateescape")).hits:
            raise UsageProblem(
                f"--{what} holds what looks like a secret ({hits[0].kind.id})", "leave it out"
            )
