"""Elements of a page escape whatever they were not made of."""

from __future__ import annotations

import pytest

from forensics.report.dossier.html import Html, cut, element, joined, unescaped


@pytest.mark.parametrize("text", ["\"><b a='", b"\"><b a='"])
def test_text_is_escaped_inside_and_in_attributes(text: str | bytes) -> None:
    """With both kinds of quotes."""
    made = element("p", text, title=text)
    inside = "&quot;&gt;&lt;b a=&#x27;"
    assert made == f'<p title="{inside}">{inside}</p>'


def test_elements_nest() -> None:
    """What was escaped once is not escaped again; but text that only looks like an element is."""
    inner = element("b", "&")
    assert element("p", inner, f"{inner}", 1234) == (
        f"<p><b>&amp;</b>{'&lt;b&gt;&amp;amp;&lt;/b&gt;'}1,234</p>"
    )
    assert joined((inner, "<"), ", ") == "<b>&amp;</b>, &lt;"


def test_attributes_can_be_left_out() -> None:
    """None and False leave one out, True gives it no value, names are as in HTML."""
    made = element("td", class_="a", data_v=1234, hidden=False, title=None, open=True)
    assert made == '<td class="a" data-v="1234" open></td>'


def test_long_text_is_cut_where_it_is_shown() -> None:
    """Escapes count as what they are; bytes that are no UTF-8 are escaped."""
    assert cut("a" * 400, 10) == "a" * 9 + "…"
    assert cut(b"\xff" * 1000, 10) == "\\xff\\xff\\…"
    assert cut("\u202e" * 9, 12) == "\\u202e\\u202…"
    assert cut("short", 10) == "short"


def test_a_style_cannot_end_itself() -> None:
    """Nothing in it would be escaped."""
    with pytest.raises(AssertionError):
        unescaped("style", "</style>")
    assert unescaped("style", "a{}") == Html("<style>a{}</style>")
