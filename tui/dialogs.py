"""Small questions in front of a screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from forensics.report.text import printable
from tui.inert_input import InertInput

__all__ = ["AskFields", "AskText", "Field", "many"]


class AskText(ModalScreen[str | None]):
    """Asks for a line of text; None where the user would rather not.

    Args:
        question: what is asked.
        text: what stands there to begin with.
        problem: says what is wrong with an answer, or nothing; a wrong one cannot be given.
    """

    DEFAULT_CSS = """
    AskText { align: center middle; }
    AskText > Vertical {
        width: 72; max-width: 95%; height: auto; border: round $primary; background: $surface;
        padding: 0 1;
    }
    AskText Input, AskText Input:focus {
        border: none; height: 1; padding: 0; background: $primary 25%;
    }
    AskText #problem { color: $error; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back", id="dialog.back")]

    def __init__(
        self, question: str, text: str = "", problem: Callable[[str], str] = lambda _: ""
    ) -> None:
        super().__init__()
        self._question, self._text, self._problem = question, text, problem

    def compose(self) -> ComposeResult:
        """Question, field, what is wrong."""
        with Vertical():
            yield Static(printable(self._question), markup=False)
            yield InertInput(self._text)
            yield Static("", id="problem", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the answer, or say what is wrong with it."""
        if problem := self._problem(event.value):
            self.query_one("#problem", Static).update(printable(problem))
        else:
            self.dismiss(event.value)

    def action_leave(self) -> None:
        """Give none."""
        self.dismiss(None)


class Field(NamedTuple):
    """A line to fill in."""

    name: str
    label: str
    text: str = ""
    hint: str = ""
    """Stands in the empty field."""


class AskFields(ModalScreen[dict[str, str] | None]):
    """Asks for several lines of text; None where the user would rather not.

    Args:
        question: what is asked.
        fields: to fill in; Tab goes to the next one, Enter gives all.
        problem: says what is wrong with what was given, by name, or nothing.
    """

    DEFAULT_CSS = """
    AskFields { align: center middle; }
    AskFields > Vertical {
        width: 72; max-width: 95%; height: auto; border: round $primary; background: $surface;
        padding: 0 1;
    }
    AskFields Horizontal { height: 1; }
    AskFields Horizontal Static { width: 12; }
    AskFields Input, AskFields Input:focus {
        border: none; height: 1; padding: 0; background: $panel; width: 1fr;
    }
    AskFields Input:focus { background: $primary 25%; }
    AskFields #problem { color: $error; height: auto; }
    AskFields #keys { color: $text-muted; height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back", id="dialog.back")]

    def __init__(
        self,
        question: str,
        fields: Sequence[Field],
        problem: Callable[[Mapping[str, str]], str] = lambda _: "",
    ) -> None:
        super().__init__()
        self._question, self._fields, self._problem = question, fields, problem

    def compose(self) -> ComposeResult:
        """Question, fields with what they are, what is wrong, keys."""
        with Vertical():
            yield Static(printable(self._question), markup=False)
            for one in self._fields:
                with Horizontal():
                    yield Static(printable(one.label), markup=False)
                    yield InertInput(one.text, placeholder=one.hint, id=f"field-{one.name}")
            yield Static("", id="problem", markup=False)
            yield Static("Tab next  Enter do it  Esc back", id="keys", markup=False)

    def on_input_submitted(self) -> None:
        """Give the answers, or say what is wrong with them."""
        given = {
            one.name: self.query_one(f"#field-{one.name}", Input).value.strip()
            for one in self._fields
        }
        if problem := self._problem(given):
            self.query_one("#problem", Static).update(printable(problem))
        else:
            self.dismiss(given)

    def action_leave(self) -> None:
        """Give none."""
        self.dismiss(None)


def many(what: str, count: int) -> AskText:
    """Asks whoever is about to decide about so many secrets to type how many these are."""
    wanted = str(count)
    return AskText(
        f"{what}: this changes {count:,} secrets. Type {wanted} to go on, Esc to leave them alone.",
        problem=lambda text: "" if text.strip() == wanted else f"that is not {wanted}",
    )
