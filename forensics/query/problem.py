"""What is wrong with a query, and where."""

from __future__ import annotations

from forensics.errors import UsageProblem

__all__ = ["QueryProblem"]


class QueryProblem(UsageProblem):
    """A query cannot be read."""

    def __init__(self, message: str, expected: str, text: str, position: int) -> None:
        """Say what is wrong.

        Args:
            message: what it is.
            expected: what could stand there.
            text: the whole query.
            position: of the character of it that a caret is to point at; its length for the end.
        """
        super().__init__(message, f"write {expected}")
        self.expected = expected
        self.text = text
        self.position = position
