"""Drift as Markdown."""

from __future__ import annotations

from forensics.report.drift.markdown import events_markdown, matrix_markdown
from tests.report.drift.told import MATRIX, cell, event, row, step


def test_a_set_is_a_table_under_a_heading() -> None:
    """With what is left out, what does not parse, and a legend below."""
    text = "\n".join(matrix_markdown(MATRIX, everything=False))
    assert "## `web`\n\n| key | dev | staging | prod | why |\n| --- |" in text
    assert "| `LOG_LEVEL` | `A` | `A` | `-` | missing in prod |" in text
    assert "`HOST`" not in text
    assert "And 1 without drift, 1 meant to differ." in text
    assert "- `api/dev.yml`: it is not YAML" in text
    assert "`-` absent" in text


def test_without_drift_there_is_no_table() -> None:
    """It says what there is."""
    rows = tuple(one for one in MATRIX.rows if not one.drift)
    text = "\n".join(matrix_markdown(MATRIX._replace(rows=rows), everything=False))
    assert "|" not in text
    assert "No drift: 1 without drift, 1 meant to differ." in text


def test_events_are_a_table() -> None:
    """Since when, until when, by whom."""
    told = [event(), event(closed=step(9), closed_how="added")]
    text = "\n".join(events_markdown(told, everything=False))
    assert "1 open, 1 closed" in text
    since = "2024-01-01 `01010101` | 12.3"
    assert f"| missing in prod; dev, staging have it | {since} | open | Ada Example |" in text
    assert f"{since} | 2024-01-09 `09090909` added | Ada Example |" in text


def test_nothing_in_a_repository_is_read_as_markdown() -> None:
    """No table is broken, nobody is mentioned, nothing is linked."""
    bad = "`|<b>@ops [x](http://e)"
    one = row(bad, why=bad, drift=True, name=bad, **{bad: cell("value", "A", bad, 1)})
    hostile = MATRIX._replace(ref=bad, environments=(bad,), rows=(one,), uncertain=((bad, bad),))
    told = event(set=bad, key=bad, present=(bad,), missing=(bad,), opened=step(author=bad))
    text = "\n".join([*matrix_markdown(hostile, everything=True),
                      *events_markdown([told], everything=True)])  # fmt: skip
    for sign in ("<b>", "@ops", "](", "`|"):
        assert sign not in text
    assert all(line.count("|") in (0, 4, 10) for line in text.splitlines())


def test_values_stand_beside_their_letter() -> None:
    """Only those that were given."""
    given = {("web", "LOG_LEVEL", "dev"): "info|`x`"}
    text = "\n".join(matrix_markdown(MATRIX, everything=False, values=given))
    assert "| `A` <code>info&#124;&#96;x&#96;</code> | `A` |" in text
