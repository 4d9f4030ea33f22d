"""Accepting a difference."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid as Fields
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from forensics.drift.acceptance import KINDS, Acceptance
from forensics.drift.accepting import default_file, last_day
from forensics.errors import ForensicsError, UsageProblem
from forensics.report.text import printable
from tui.inert_input import InertInput

__all__ = ["Accept", "Accepted", "default_name"]

_FIELDS = {
    "set": "of set", "key": "keys like", "kind": "kind", "environment": "environment",
    "reason": "reason", "owner": "owner", "expires": "expires", "file": "written to",
}  # fmt: skip
_HINT = "Enter writes  Tab next field  Esc back; no kind or environment: any"


class Accepted(NamedTuple):
    """What is accepted, and in which file."""

    one: Acceptance
    file: Path


class Accept(ModalScreen[Accepted | None]):
    """Asks what is accepted, why, by whom, until when, and which file says so.

    Args:
        begun: what stands in the fields to begin with, by their names.
        today: the day before which nothing can expire.
        canonical: the one way to write an environment's name.
    """

    DEFAULT_CSS = """
    Accept { align: center middle; }
    Accept > Vertical {
        width: 78; max-width: 98%; height: auto; border: round $primary; background: $surface;
        padding: 0 1;
    }
    Accept Grid { grid-size: 2; grid-columns: 14 1fr; grid-rows: 1; height: auto; }
    Accept Input { border: none; height: 1; padding: 0; background: $boost; }
    Accept Input:focus { border: none; background: $primary 30%; }
    Accept #accept-where { height: auto; color: $text-muted; }
    Accept #problem { color: $error; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="dialog.back"),
        Binding("down", "app.focus_next", "Next field", show=False, id="accept.next"),
        Binding("up", "app.focus_previous", "Previous field", show=False, id="accept.previous"),
    ]

    def __init__(self, begun: dict[str, str], today: date, canonical: Callable[[str], str]) -> None:
        super().__init__()
        self._begun, self._today, self._canonical = begun, today, canonical

    def compose(self) -> ComposeResult:
        """Fields, what is wrong, keys."""
        with Vertical():
            yield Static("Accept a difference: a block in a file for review", markup=False)
            with Fields():
                for name, title in _FIELDS.items():
                    yield Static(title, markup=False)
                    yield InertInput(self._begun.get(name, ""), id=f"accept-{name}")
            yield Static("", id="accept-where", markup=False)
            yield Static("", id="problem", markup=False)
            yield Static(_HINT, markup=False)

    def on_mount(self) -> None:
        """Begin with why."""
        self.query_one("#accept-reason", Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say which file that is."""
        if event.input.id == "accept-file":
            name = event.value.strip()
            there = os.path.lexists(name) if name else False
            text = (
                f"{os.path.abspath(name)}: {'one more' if there else 'a new file'}" if name else ""
            )
            self.query_one("#accept-where", Static).update(printable(text))

    def on_input_submitted(self) -> None:
        """Give it, or say what is wrong."""
        try:
            accepted = self._accepted()
        except UsageProblem as problem:
            self.query_one("#problem", Static).update(printable(str(problem)))
        else:
            self.dismiss(accepted)

    def _accepted(self) -> Accepted:
        said = {name: self.query_one(f"#accept-{name}", Input).value for name in _FIELDS}
        for name in ("key", "reason", "owner", "expires", "file"):
            if not said[name].strip():
                raise UsageProblem(f"{_FIELDS[name]} is empty", "say something")
        if said["kind"] not in ("", *KINDS):
            kinds = ", ".join(KINDS)
            raise UsageProblem(f"there is no kind {said['kind']!r}", f"these are: {kinds}")
        where = self._canonical(said["environment"]) if said["environment"] else ""
        one = Acceptance(
            said["set"], said["key"], said["kind"], where, said["reason"], said["owner"],
            last_day(said["expires"].strip(), self._today),
        )  # fmt: skip
        return Accepted(one, Path(said["file"]))

    def action_leave(self) -> None:
        """Accept nothing."""
        self.dismiss(None)


def default_name(repository: Path | None) -> str:
    """Where `forensics drift accept` would write; nothing where there is no work tree."""
    if repository is None:
        return ""
    try:
        return str(default_file(repository))
    except ForensicsError:
        return ""
