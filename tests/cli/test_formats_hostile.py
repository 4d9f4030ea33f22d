"""Reports of a repository whose names are commands, markup and no text at all."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.hostile import Hostile
from fixtures_repos.malformed import a_cycle_of_two
from fixtures_repos.stories.story import setting, token
from tests.cli.command import forensics
from tests.cli.formats import (
    ALL,
    csv_of,
    dojo_of,
    gitlab_of,
    gitleaks_of,
    junit_of,
    run_of,
    told,
)
from tests.cli.reports import without_code

pytestmark = pytest.mark.usefixtures("key")

NAMES = (
    b"a]]>b<![CDATA[<failure/>",
    b"x::error file=evil::boom%0A::stop-commands::t",
    b"line\n::error::injected\r\n| a | b |",
    b"=cmd|' /C calc'!A0",
    b"+1+1", b"-2+3", b"@SUM(A1)", b"\t=1+1", b" =1+1",
    "\uff1dHYPERLINK(1)".encode(),
    b'quo"te,comma;semi',
    b"</details><script>alert(1)</script>",
    b"[link](http://evil.example) {0} \\[x]",
    b"`code` ``` @team #1 www.evil.example",
    "\u202eright\u2066 to left\u200b\ufeff\u2028\x85 \u05d0".encode(),
    b"\x1b[31m\x07\x01\xff\xfe not UTF-8",
    "\ufffe\uffff \U0001f600".encode(),
    b"CON: a,b=c%25",
)  # fmt: skip


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Each as a path, an author and a message."""
    builder = Builder(tmp_path / "<i>`r`</i> | ]]>")
    for seed, text in enumerate(NAMES, 1):
        name = text.replace(b"/", b"|")
        builder.write(name, setting(token(seed)))
        person = re.sub(rb"[<>\n\0\r]", b"", text)
        builder.commit(text, author=b"%s <%s@x>" % (person, person))
    builder.delete(NAMES[0].replace(b"/", b"|"))
    builder.commit("Delete one")
    assert told("table", builder.path, command="scan").code == 1
    return builder.path


def test_sarif_names_every_path_byte_for_byte(hostile: Path) -> None:
    """And no message has a link or a placeholder in it."""
    run = run_of(told("sarif", hostile).out)
    uris = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            for one in run["results"]}  # fmt: skip
    assert {unquote_to_bytes(one) for one in uris} == {one.replace(b"/", b"|") for one in NAMES}
    for one in run["results"]:
        texts = [one["message"]["text"]]
        texts += [each["location"]["message"]["text"] for flow in one["codeFlows"]
                  for each in flow["threadFlows"][0]["locations"]]  # fmt: skip
        for text in texts:
            assert not re.search(r"(?<!\\)(?:\\\\)*[\[\]]", text)
            assert not re.search(r"(?<!\{)\{(?:\{\{)*(?!\{)", text)


def test_junit_has_no_element_of_theirs(hostile: Path) -> None:
    """One failure each, and the text is text."""
    root = junit_of(told("junit", hostile).out)
    assert len([*root.iter("testcase")]) == len([*root.iter("failure")]) == len(NAMES)
    assert {one.tag for one in root.iter()} == {"testsuites", "testsuite", "testcase", "failure"}


def test_csv_has_no_formula(hostile: Path) -> None:
    """Nor a row or a cell of theirs."""
    rows = csv_of(told("csv", hostile).out)
    assert len(rows) == len(NAMES)
    for row in rows:
        assert None not in row
        for cell in row.values():
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d"))
            assert "\n" not in cell
    assert {"'=cmd|' |C calc'!A0", "'+1+1", "'-2+3", "'@SUM(A1)"} <= {row["path"] for row in rows}


def test_no_workflow_command_is_theirs(hostile: Path) -> None:
    """A line each, ours, whose properties end where we end them."""
    lines = told("github", hostile).out.splitlines()
    assert len(lines) == len(NAMES)
    shape = re.compile(
        r"::error title=[^,:]+,file=[^,:]+,line=2,endLine=2,col=\d+,endColumn=\d+::[^\r\n]+"
    )
    for line in lines:
        assert shape.fullmatch(line)


def test_json_reports_stay_what_they_are(hostile: Path) -> None:
    """So many findings, each valid."""
    assert len(gitleaks_of(told("gitleaks", hostile).out)) == len(NAMES)
    assert len(gitlab_of(told("gitlab", hostile).out)["vulnerabilities"]) == len(NAMES)
    dojo = dojo_of(told("defectdojo", hostile).out)
    assert len(dojo) == len(NAMES)
    for one in dojo:
        for line in one["description"].splitlines():
            assert not re.search(r"[<\[\]\\`]|evil|@|www|http:", without_code(line))


def test_markdown_renders_nothing_of_theirs(hostile: Path) -> None:
    """What is not in code is ours, and no row has a cell more."""
    text = told("markdown", hostile).out
    rest = re.sub(r"</?(?:details|summary|sub)>", "", without_code(text))
    assert not re.search(r"[<\[\]\\`]|evil|alert|@|www|http:|\$x", rest)
    assert {line.count("|") for line in text.splitlines() if line.startswith("|")} == {6}
    assert text.count("</details>") == 1


@pytest.mark.parametrize("output_format", ALL)
def test_nothing_moves_or_hides(hostile: Path, output_format: str) -> None:
    """No control but line ends, no character that changes direction."""
    done = told(output_format, hostile)
    odd = {one for one in done.out if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert odd <= {"\n", "\r"}
    assert ("\r" in odd) == (output_format == "csv")


def test_no_report_runs_what_a_repository_plants(running_commands: Hostile) -> None:
    """All of them read objects, two its configuration too."""
    path = running_commands.path
    git(path, "config", "--replace-all", "remote.origin.url", "ext::sh -c 'touch ../marks/ran'")
    reports = [word for name in ALL for word in ("--report", f"{name}={path.parent / name}")]
    for words in (["scan", *reports], ["findings", *reports]):
        done = forensics(*words, cwd=path)
        assert done.code in (1, 3)
    assert not [*running_commands.marks.iterdir()]
    assert "versionControlProvenance" not in (path.parent / "sarif").read_text()


def test_a_pack_that_leads_in_circles_does_not_hold_up_a_report(tmp_path: Path) -> None:
    """Lines are read all the same, and what could not be read is told."""
    builder = Builder(tmp_path / "circles")
    builder.write("ci.env", setting(token()))
    builder.commit("Leak")
    a_cycle_of_two(builder.path)
    run = run_of(told("sarif", builder.path, command="scan").out)
    assert run["invocations"][0]["executionSuccessful"] is False
    (result,) = run["results"]
    assert "forensicsLine/v1" in result["partialFingerprints"]
