"""docs/query.md tells what the language has, and nothing that it has not."""

from __future__ import annotations

import re

from forensics.query.fields import FIELDS
from forensics.query.parse import parse
from tests.cli.command import ROOT

TEXT = (ROOT / "docs" / "query.md").read_text()
TABLE = TEXT.split("| term | lists |")[1].split("\n\n")[0]
EXAMPLES = [re.findall(r"`([^`]+)`", line.split("|")[1]) for line in TABLE.splitlines()[2:]]
CODE = re.compile(r"`([^`]+)`")


def test_every_field_has_a_line_with_an_example_that_can_be_read() -> None:
    """And no line is of another."""
    told = {term.field for line in EXAMPLES for text in line for term in parse(text).terms}
    assert told == {one.name for one in FIELDS} | {""}


def test_every_choice_and_every_other_name_is_told() -> None:
    """Where its field is, but for plain answers; names below the table."""
    for line, examples in zip(TABLE.splitlines()[2:], EXAMPLES, strict=True):
        field = next(one for one in (*FIELDS, None) if one is None or f"{one.name}:" in examples[0])
        if field is not None and field.choices not in ((), ("yes", "no")):
            said = re.findall(r"[\w-]+", " ".join(CODE.findall(line)))
            assert {*field.choices, *field.called} <= {*said}, field.name
    (others,) = re.findall(r"^Other names: (.*)$", TEXT, re.MULTILINE)
    assert {alias for one in FIELDS for alias in one.aliases} == {*CODE.findall(others)} - {"new"}


def test_every_query_in_the_text_can_be_read() -> None:
    """Commands, and terms between backticks."""
    commands = re.findall(r"--query '([^']+)'|query save \w+ '([^']+)'", TEXT)
    names = {name for one in FIELDS for name in (one.name, *one.aliases)}
    terms = [one for one in CODE.findall(TEXT) if one.lstrip("-").partition(":")[0] in names]
    whole = [one for one in terms if ":" in one and not one.endswith(":")]
    assert len(commands) == 4
    assert len(whole) > 20
    for text in (*(one or two for one, two in commands), *whole):
        parse(text)
