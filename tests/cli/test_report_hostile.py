"""`report` on a repository whose names are markup: all of it is text."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.stories.story import setting, token
from tests.cli.command import forensics
from tests.cli.reports import NOW, Page, without_code

pytestmark = pytest.mark.usefixtures("key")

_MARKUP = (
    b"</script><script>alert(1)</script>",
    b"\"><img src=x onerror=alert(1)>'",
    b"</style></title></svg></table><!--",
    b"<svg onload=alert(1)>&lt;b&gt;&#60;b&#62;",
    b"javascript:alert(1)",
    b"`code` ``` ~~~ | pipe | ||",
    b"[link](http://evil.example) ![i](//evil.example/i.png) <http://evil.example>",
    b"**bold** __b__ # h @team #1 $x$ \\ \\| \\` - www.evil.example",
    b"end\n```\n# heading\n| a | b |",
    b":crit, 0, 1;%%{init: {}}%% click a href \"javascript:alert(1)\"",
    b"\x1b[31m\x07\r\x00"[:7] + b"\xff\xfe undecodable",
    "\u202eright\u2066 to left\u200b\ufeff \u05d0\u2028\x85".encode(),
)  # fmt: skip


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Every such text as a path, a slot, an author, a branch and a tag."""
    builder = Builder(tmp_path / "<img src=x> `r` | </title> \u202e")
    for seed, text in enumerate(_MARKUP, 1):
        name = text.strip(b"/").replace(b"//", b"/")
        builder.write(name + b".yaml", b'"%s": %s\n' % (
            text.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n"), token(seed)
        ))  # fmt: skip
        builder.write(name + b".env", setting(token(seed)))
        person = re.sub(rb"[<>\n\0]", lambda one: b"" if one[0] in b"\n\0" else b"&lt;", text)
        builder.commit("Add", author=b"%s <%s@x>" % (person, person))
        branch = re.sub(rb"[\0-\x20\x7f~^:?*\[\\]", b"-", text).strip(b"/.-").replace(b"//", b"/")
        try:
            builder.refs.write(f"refs/heads/{branch.decode()}", builder.head)
        except UnicodeDecodeError:
            continue
    builder.delete(_MARKUP[0] + b".env")
    builder.commit("Delete one")
    forensics("scan", builder.path)
    return builder.path


def test_markup_in_names_is_text_on_a_page(hostile: Path) -> None:
    """What a browser takes the page for are our elements and nothing else."""
    page = Page(forensics("report", hostile, "--now", NOW).out)
    assert len(page.rows()) == len(_MARKUP)
    known = (
        "html head meta title style body header h1 h2 h3 p ul li b span code bdi div svg defs g"
        " path pattern use rect line text tspan a details summary label input select option table"
        " caption thead tbody tr th td dl dt dd small footer script"
    )
    assert {one.tag for one in page.elements} <= set(known.split())
    assert len(page.all("script")) == len(page.all("style")) == 1
    for one in page.elements:
        assert not [name for name in one.attributes if name.startswith("on")]
        assert (one.attributes.get("href") or "#").startswith("#")
    said = page.all("body")[0].said
    for text in _MARKUP[:5]:
        assert text.decode() in said
    assert "\\x1b[31m" in said
    assert "\\u202eright" in said


def test_markup_in_names_is_text_in_markdown(hostile: Path) -> None:
    """Outside of code, none of it is left; and in a table, no cell is added or ended."""
    text = forensics("report", hostile, "-f", "markdown", "--now", NOW).out
    rest = without_code(text)
    assert not re.search(r"[<\[\]\\`]|evil|alert|@|www|http:|~~|\$x", rest)
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in tables} == {4, 5, 6, 9}
    for line in text.splitlines():
        assert not line.startswith(("# ", "```")) or line in ("# Secrets", "```mermaid", "```")
    (diagram,) = re.findall(r"(?ms)^```mermaid\n(.*?)^```$", text)
    line_shapes = (
        "gantt", "    dateFormat x", r"    axisFormat \S+", "    section [a-z-]+",
        r"    [\w.-]+ \w{8} : (crit, |done, )?\d+, \d+",
    )  # fmt: skip
    shape = "|".join(line_shapes)
    assert all(re.fullmatch(shape, line) for line in diagram.splitlines())


@pytest.mark.parametrize("output_format", ["html", "markdown"])
def test_nothing_moves_or_hides(hostile: Path, output_format: str) -> None:
    """No control, no character that changes direction, and what is no UTF-8 is escaped."""
    text = forensics("report", hostile, "-f", output_format, "--now", NOW).out
    odd = {one for one in text if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert odd == {"\n"}
    assert "\\xff\\xfe" in text.replace("&#92;", "\\")
