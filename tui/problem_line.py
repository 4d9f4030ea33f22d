"""Pointing at what is wrong with a query, below the field that it stands in."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Input, Static

from forensics.query.problem import QueryProblem
from forensics.report.text import printable

__all__ = ["ProblemLine"]


class ProblemLine(Static):
    """A caret, and below it what is wrong; nothing where nothing is."""

    DEFAULT_CSS = """
    ProblemLine { height: 2; width: 100%; color: $error; display: none; }
    """

    def __init__(self) -> None:
        super().__init__("", id="problem", markup=False)

    def tell(self, problem: QueryProblem | None, field: Input) -> None:
        """Point at what cannot be read in a field, or at nothing."""
        if self.display is not (problem is not None):
            self.display = problem is not None
        if problem is None:
            return
        start = field.content_region.x
        at = len(printable(problem.text[: problem.position])) - int(field.scroll_offset.x)
        pointer = " " * (start + min(max(at, 0), max(self.app.size.width - start - 1, 0))) + "^"
        said = f"{pointer}\n{' ' * start}{printable(str(problem))}"
        self.update(Text(said, no_wrap=True, overflow="ellipsis"))
