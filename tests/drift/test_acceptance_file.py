"""Acceptances as text: what is read, what is refused, what an edit changes."""

from __future__ import annotations

import difflib
from datetime import date

import pytest

from forensics.drift.acceptance import Acceptance
from forensics.drift.acceptance_file import AcceptanceFile, check_text
from forensics.errors import UsageProblem

NAME = "accepted.toml"
ONE = Acceptance("web", "LOG_LEVEL", "value", "prod", 'it is "quieter" there', "ops",
                 date(2027, 1, 31))  # fmt: skip
BLOCK = """[[accept]]
set = "web"
key = "LOG_LEVEL"
kind = "value"
environment = "prod"
reason = "it is \\"quieter\\" there"
owner = "ops"
expires = 2027-01-31
"""


def written(*acceptances: Acceptance) -> AcceptanceFile:
    """A file with these, written one after another."""
    file = AcceptanceFile.new(NAME)
    for one in acceptances:
        file = file.with_one(one)
    return file


def changed(before: AcceptanceFile, after: AcceptanceFile) -> tuple[list[str], list[str]]:
    """Lines that went and lines that came."""
    diff = [*difflib.ndiff(before.text.splitlines(), after.text.splitlines())]
    return tuple([line[2:] for line in diff if line[0] == sign] for sign in "-+")  # type: ignore[return-value]


def test_what_is_written_is_read_again() -> None:
    """Also signs that TOML has a meaning for."""
    file = written(ONE)
    assert file.text.endswith(f"\n{BLOCK}")
    (read,) = AcceptanceFile.read(file.text.encode(), NAME).acceptances
    assert read._replace(line=0) == ONE
    assert file.text.splitlines()[read.line - 1] == "[[accept]]"


def test_what_is_not_said_is_not_written() -> None:
    """No kind and no environment means all."""
    text = written(ONE._replace(kind="", environment="")).text
    assert "kind" not in text
    assert "environment =" not in text


def test_order_does_not_depend_on_who_was_first() -> None:
    """By set, key, kind and environment."""
    several = [ONE._replace(set=name, key=key) for name in "ab" for key in "XYZ"]
    assert written(*several).text == written(*reversed(several)).text
    assert [one.about for one in written(*reversed(several)).acceptances] == [
        one.about for one in several
    ]


def test_a_new_one_adds_its_lines_and_touches_no_other() -> None:
    """Comments stay where they are."""
    before = written(ONE._replace(key="A"), ONE._replace(key="C"))
    begins = '[[accept]]\nset = "web"\nkey = "C"'
    text = before.text.replace(begins, f"# Since the move.\n{begins.replace(']]', ']] # here')}")
    before = AcceptanceFile.read(text.encode(), NAME)
    after = before.with_one(ONE._replace(key="B"))
    gone, came = changed(before, after)
    assert gone == []
    assert sorted(came) == sorted(["", *BLOCK.replace("LOG_LEVEL", "B").splitlines()])
    assert after.text.index('key = "B"') < after.text.index("# Since the move.\n[[accept]] # here")


def test_what_is_about_the_same_is_replaced() -> None:
    """With a new reason and expiry; there are no two."""
    before = written(ONE, ONE._replace(key="Z"))
    after = before.with_one(ONE._replace(reason="still", expires=date(2028, 1, 1)))
    assert changed(before, after) == (
        [BLOCK.splitlines()[5], "expires = 2027-01-31"],
        ['reason = "still"', "expires = 2028-01-01"],
    )


def test_taking_one_back_takes_its_block_and_the_comment_above_it() -> None:
    """And nothing else."""
    before = written(ONE._replace(key="A"), ONE._replace(key="B"))
    text = before.text.replace("[[accept]]", "# Why.\n[[accept]]", 1)
    before = AcceptanceFile.read(text.encode(), NAME)
    assert before.without(lambda one: one.key == "A").text == written(ONE._replace(key="B")).text
    assert before.without(lambda one: one.key == "none") is before


def test_what_is_written_below_the_last_one_stays_when_that_is_taken_back() -> None:
    """It is somebody's, and may be about anything."""
    before = written(ONE._replace(key="A"), ONE._replace(key="B"))
    before = AcceptanceFile.read(f"{before.text}\n# Mine.\n# Two lines.\n".encode(), NAME)
    after = before.without(lambda one: one.key == "B")
    assert after.text == written(ONE._replace(key="A")).text + "\n# Mine.\n# Two lines.\n"
    again = after.with_one(ONE._replace(key="B"))
    assert [one.key for one in again.acceptances] == ["A", "B"]
    assert "# Mine.\n# Two lines.\n" in again.text
    assert again.without(lambda one: True).text.endswith("# Mine.\n# Two lines.\n")


def test_an_empty_file_holds_none() -> None:
    """And can be written to."""
    empty = AcceptanceFile.read(b"\n", NAME)
    assert empty.acceptances == ()
    assert empty.with_one(ONE).text == written(ONE).text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("format = 1", "format = 2"), f"{NAME}:1: it does not say `format = 1`"),
        (("expires = 2027-01-31", ""), f"{NAME}:5: it does not say 'expires'; add expires"),
        (("2027-01-31", '"2027-01-31"'), f"{NAME}:5: 'expires' is not a date; write expires ="),
        (('"value"', '"values"'), f"{NAME}:5: there is no kind 'values'; these are: missing,"),
        (("owner =", "by ="), f"{NAME}:5: nobody knows what 'by' is; write set, key,"),
        (('owner = "ops"', "owner = 7"), f"{NAME}:5: 'owner' is not a plain line"),
        (('owner = "ops"', 'owner = " "'), f"{NAME}:5: 'owner' is empty"),
        (('"ops"', '"o\\u001b[2Js"'), f"{NAME}:5: 'owner' is not a plain line"),
        (('"ops"', "ops"), f"{NAME}:11: it is not TOML: "),
        (("[[accept]]", "[accept]"), f"{NAME}:5: `accept` is not a list of tables"),
        (("[[accept]]", "[[accepted]]"), f"{NAME}:5: nobody knows what 'accepted' is"),
    ],
)
def test_what_is_wrong_is_one_line_with_its_place(change: tuple[str, str], message: str) -> None:
    """It says what to do, too."""
    text = written(ONE).text.replace(*change)
    with pytest.raises(UsageProblem) as refused:
        AcceptanceFile.read(text.encode(), NAME)
    assert str(refused.value).startswith(message)
    assert "\n" not in str(refused.value)
    assert "; " in str(refused.value)


def test_two_about_the_same_are_refused_with_both_places() -> None:
    """As a merge can leave them."""
    with pytest.raises(UsageProblem, match=rf"^{NAME}:14: .* on line 5; keep one of the two$"):
        AcceptanceFile.read(f"{written(ONE).text}\n{BLOCK}".encode(), NAME)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"format = 1\n# \xff\n", f"{NAME}:2: it is not UTF-8"),
        (b"#" * (1 << 20) + b"\n", "more than 1,048,576 bytes"),
        (b"format = 1\naccept = " + b"[" * 5000, "it is n"),
        (b"format = 1\nx =", f"{NAME}:2: it is not TOML"),
        (b"format = " + b"1" * 5000, "it is not TOML"),
    ],
    ids=["bytes", "large", "deep", "cut", "digits"],
)
def test_what_is_no_text_of_ours_is_refused(content: bytes, message: str) -> None:
    """Whatever it is."""
    with pytest.raises(UsageProblem) as refused:
        AcceptanceFile.read(content, NAME)
    assert message in str(refused.value)


def test_a_file_in_another_shape_is_read_but_not_edited() -> None:
    """An edit could lose something."""
    inline = (
        'format = 1\naccept = [{set = "a", key = "b", reason = "c", owner = "d", '
        "expires = 2027-01-31}]\n"
    )
    file = AcceptanceFile.read(inline.encode(), NAME)
    assert [(one.set, one.line) for one in file.acceptances] == [("a", 0)]
    with pytest.raises(UsageProblem, match="only a person can edit"):
        file.with_one(ONE)


@pytest.mark.parametrize("text", ["", " ", "x" * 2001, "a\nb", "a\x1b[2J"])
def test_texts_that_cannot_stand_in_a_file_are_refused(text: str) -> None:
    """Before anything is written."""
    with pytest.raises(UsageProblem, match=r"^--reason "):
        check_text("--reason", text)
