"""What a scan was told to ignore: marks, fingerprints, configurations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fixtures_repos.stories.story import PLACE, begin, token
from tests.cli.command import Done, figure, forensics

pytestmark = pytest.mark.usefixtures("key")

MARKED = b"A=%s  # gitleaks:allow\n"
BARE = b"A=%s\n"
ONLY_ENV = "[[rules]]\nid = 'env'\nregex = 'ghp_\\w{36}'\npath = '\\.env$'\n"


class Told:
    """A repository whose commits each put one text at one place."""

    def __init__(self, path: Path, *texts: bytes, place: str = PLACE) -> None:
        builder, commits = begin(path)
        for number, text in enumerate(texts):
            builder.write(place, text)
            commits[str(number)] = builder.commit(f"Number {number}")
        self.path, self.commits = builder.populate(), commits

    def scan(self, *options: object) -> Done:
        return forensics("scan", self.path, *options)

    def findings(self) -> list[dict[str, Any]]:
        return forensics("findings", self.path, "-f", "jsonl").lines


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "repository"


def written(tmp_path: Path, text: str, name: str = "file") -> Path:
    file = tmp_path / name
    file.write_text(text)
    return file


def test_what_a_mark_ignores_is_counted_and_listed_last(path: Path) -> None:
    """It does not count for the exit code, and never disappears without a trace."""
    told = Told(path, MARKED % token(1))
    done = told.scan()
    assert done.code == 0
    assert figure(done, "ignored") == "1 (1 gitleaks:allow)"
    assert figure(done, "secrets") == "0"
    (found,) = told.findings()
    assert (found["status"], found["ignored"]) == ("ignored", "gitleaks:allow")
    assert "gitleaks:allow" in forensics("show", found["secret"], path).out
    assert forensics("findings", path).code == 0


def test_marks_can_be_left_out_of_account(path: Path) -> None:
    """Also after a scan in which they counted, and they count again in the next."""
    told = Told(path, MARKED % token(1))
    assert told.scan().code == 0
    assert told.scan("--ignore-gitleaks-allow").code == 1
    assert told.scan().code == 0


def test_a_finding_that_counts_comes_before_those_that_do_not(path: Path) -> None:
    """Whatever their severity."""
    told = Told(path, MARKED % token(1) + BARE % token(2))
    assert told.scan().code == 1
    assert [one["ignored"] for one in told.findings()] == [None, "gitleaks:allow"]


@pytest.mark.parametrize("texts", [(BARE, MARKED), (MARKED, BARE), (MARKED, BARE, MARKED)])
def test_a_version_without_the_mark_counts(path: Path, texts: tuple[bytes, ...]) -> None:
    """Whether the mark came later or went: in some version the secret stood there without."""
    told = Told(path, *(text % token(1) for text in texts))
    assert told.scan().code == 1
    (found,) = told.findings()
    assert found["ignored"] is None


def test_the_same_secret_at_another_place_counts(path: Path) -> None:
    """A mark is about its own place."""
    builder, _ = begin(path)
    builder.write("marked.env", MARKED % token(1))
    builder.write("bare.env", BARE % token(1))
    builder.commit("Both")
    assert forensics("scan", builder.populate()).code == 1
    found = forensics("findings", path, "-f", "jsonl").lines
    assert {one["path"]: one["ignored"] for one in found} == {
        "marked.env": "gitleaks:allow", "bare.env": None
    }  # fmt: skip


def test_a_fingerprint_ignores_the_finding_that_it_names(path: Path, tmp_path: Path) -> None:
    """As gitleaks or as we call the rule; without a new reading of anything."""
    told = Told(path, BARE % token(1))
    assert told.scan().code == 1
    for rule in ("github-pat", "github.pat-classic"):
        entry = f"# ours\n{told.commits['0']}:{PLACE}:{rule}:1\n"
        done = told.scan("-i", written(tmp_path, entry, ".gitleaksignore"))
        assert done.code == 0
        assert figure(done, "ignored") == "1 (1 .gitleaksignore)"
        assert figure(done, "objects").startswith("0 read")
        assert told.findings()[0]["ignored"] == ".gitleaksignore"
        assert told.scan().code == 1
        assert told.findings()[0]["ignored"] is None


@pytest.mark.parametrize(
    "entry",
    [
        "{commit}:{place}:github-pat:2",
        "{commit}:{place}:gitlab-pat:1",
        "{commit}:other.env:github-pat:1",
        "{other}:{place}:github-pat:1",
        "{commit}:{place}:github-pat",
        "{place}:no-such-rule:1",
    ],
)
def test_a_fingerprint_of_something_else_ignores_nothing(
    path: Path, tmp_path: Path, entry: str
) -> None:
    """Another line, rule, path or commit."""
    told = Told(path, BARE % token(1))
    filled = entry.format(commit=told.commits["0"], other=told.commits["start"], place=PLACE)
    assert told.scan("--gitleaks-ignore-path", written(tmp_path, filled)).code == 1


def test_a_fingerprint_without_a_commit_holds_for_every_version(path: Path, tmp_path: Path) -> None:
    """It names the line of one of them."""
    told = Told(path, BARE % token(1), b"\n\n" + BARE % token(1))
    for line, code in ((1, 0), (3, 0), (2, 1)):
        file = written(tmp_path, f"{PLACE}:github-pat:{line}\n")
        assert told.scan("-i", file).code == code


def test_every_commit_that_brought_a_secret_must_be_named(path: Path, tmp_path: Path) -> None:
    """One brought back later is news."""
    told = Told(path, BARE % token(1), b"none\n", BARE % token(1))
    entries = [f"{told.commits[one]}:{PLACE}:github-pat:1\n" for one in ("0", "2")]
    assert told.scan("-i", written(tmp_path, entries[0])).code == 1
    assert told.scan("-i", written(tmp_path, "".join(entries))).code == 0


def test_a_folder_may_be_named_for_its_file(path: Path, tmp_path: Path) -> None:
    """As gitleaks does."""
    told = Told(path, BARE % token(1))
    written(tmp_path, f"{PLACE}:github-pat:1\n", ".gitleaksignore")
    assert told.scan("-i", tmp_path).code == 0


def test_files_inside_a_repository_count_only_if_they_are_named(path: Path, tmp_path: Path) -> None:
    """Whoever can commit could otherwise hide what he commits."""
    told = Told(path, BARE % token(1))
    (path / ".gitleaksignore").write_text(f"{PLACE}:github-pat:1\n")
    (path / ".gitleaks.toml").write_text("[allowlist]\npaths = ['.*']\n")
    assert told.scan().code == 1
    assert told.scan("-i", path).code == 0
    assert told.scan("-c", path / ".gitleaks.toml").code == 2, "it looks for nothing"


CONFIG = """
[extend]
useDefault = true
[[allowlists]]
description = "fixtures"
{}
"""


@pytest.mark.parametrize(
    ("asks", "ignored"),
    [
        ("paths = ['^deploy/']", True),
        ("paths = ['^tests/']", False),
        ("paths = ['^deploy/']\ncondition = 'AND'\nregexes = ['^ghp_']", True),
        ("paths = ['^tests/']\ncondition = 'AND'\nregexes = ['^ghp_']", False),
        ("paths = ['^deploy/']\ncondition = 'AND'\nregexes = ['^npm_']", False),
        ("regexes = ['^ghp_']", True),
        ("commits = ['{commit}']", True),
        ("commits = ['{other}']", False),
        ("paths = ['^deploy/']\ntargetRules = ['github-pat']", True),
        ("paths = ['^deploy/']\ntargetRules = ['gitlab-pat']", False),
        ("stopwords = ['ghp']\ntargetRules = ['github-pat']", True),
    ],
)
def test_an_allowlist_holds_for_built_in_rules_too(
    path: Path, tmp_path: Path, asks: str, ignored: bool
) -> None:
    """By content, path, commit, or all of these; for everyone or a rule by gitleaks' name."""
    told = Told(path, BARE % token(1))
    filled = asks.replace("{commit}", told.commits["0"]).replace("{other}", told.commits["start"])
    done = told.scan("--config", written(tmp_path, CONFIG.replace("{}", filled)))
    assert done.code == (0 if ignored else 1)
    (found,) = told.findings()
    assert found["ignored"] == ("allowlist: fixtures" if ignored else None)


def test_a_rule_of_a_configuration_applies_where_its_path_says(path: Path, tmp_path: Path) -> None:
    """Elsewhere it finds nothing, not even something ignored."""
    rule = "[[rules]]\nid = 'env'\nregex = 'ghp_\\w{36}'\npath = '%s'\n"
    told = Told(path, BARE % token(1))
    assert told.scan("-c", written(tmp_path, rule % "\\.env$")).code == 1
    assert [one["rule"] for one in told.findings()] == ["gitleaks.env"]
    done = told.scan("-c", written(tmp_path, rule % "\\.yml$"))
    assert done.code == 0
    assert figure(done, "secrets") == "0"
    assert "ignored" not in done.out
    assert told.findings() == []


def test_where_a_rule_does_not_apply_nothing_happened(path: Path, tmp_path: Path) -> None:
    """A place that is no finding has no events, and takes no part in a status."""
    builder, commits = begin(path)
    builder.write("a.env", BARE % token(1))
    builder.write("b.txt", BARE % token(1))
    commits["leak"] = builder.commit("Leak")
    builder.delete("b.txt")
    builder.commit("Tidy")
    builder.delete("a.env")
    commits["gone"] = builder.commit("Remove")
    builder.populate()
    config = written(tmp_path, ONLY_ENV)
    assert forensics("scan", path, "-c", config).code == 1
    (name,) = {one["secret"] for one in forensics("findings", path, "-f", "jsonl").lines}
    shown = forensics("show", name, path, "-f", "json")
    assert shown.code == 0
    told = json.loads(shown.out)
    assert {one["path"] for one in told["events"]} == {"a.env"}
    assert [one["commit"] for one in told["evidence"]] == [commits["gone"]]
    for words in (("show", name, path), ("log", name, path, "-f", "gantt")):
        done = forensics(*words)
        assert done.code == 0
        assert "b.txt" not in done.out
    (row,) = forensics("rotation", path, "-f", "jsonl").lines
    assert [(one["path"], one["commit"]) for one in row["evidence"]] == [("a.env", commits["gone"])]
    log = forensics("log", name, path, "-f", "jsonl").lines
    assert {one["path"] for one in log if one["source"] == "history"} == {"a.env"}


def test_a_secret_that_is_nowhere_a_finding_needs_no_rotation(path: Path, tmp_path: Path) -> None:
    """No list has it, as the scan says."""
    told = Told(path, BARE % token(1), place="b.txt")
    config = written(tmp_path, ONLY_ENV)
    assert told.scan("-c", config).code == 0
    assert forensics("rotation", path, "-f", "jsonl").lines == []
    assert "nothing" in forensics("rotation", path).err
    (name,) = (one["subject"] for one in forensics("log", path, "-f", "jsonl").lines
               if one["kind"] == "found")  # fmt: skip
    assert "is no finding anywhere" in forensics("show", name, path).out
    assert json.loads(forensics("show", name, path, "-f", "json").out) is None
    log = forensics("log", name, path, "-f", "jsonl")
    assert [one["source"] for one in log.lines] == ["journal"]


def test_without_extending_the_default_only_the_files_rules_run(path: Path, tmp_path: Path) -> None:
    """As in gitleaks; and a rule of it can be chosen by the name that it has there."""
    rules = "".join(
        f"[[rules]]\nid = '{name}'\nregex = '{name}_[a-z]{{20}}'\n" for name in ("one", "two")
    )
    file = written(tmp_path, rules)
    told = Told(path, BARE % token(1) + b"one_" + b"abcdefghij" * 2 + b" two_" + b"k" * 20)
    told.scan("-c", file)
    assert {one["rule"] for one in told.findings()} == {"gitleaks.one", "gitleaks.two"}
    told.scan("-c", file, "--disable-rule", "two")
    assert {one["rule"] for one in told.findings()} == {"gitleaks.one"}
    told.scan("-c", file, "--enable-rule", "gitleaks.two")
    assert {one["rule"] for one in told.findings()} == {"gitleaks.two"}


def test_what_of_a_configuration_does_not_apply_is_said(path: Path, tmp_path: Path) -> None:
    """In a line, beside the findings."""
    file = written(tmp_path, CONFIG.format("paths = ['x']") + "[[rules]]\nid = 'p'\npath = 'y'\n")
    done = Told(path, BARE % token(1)).scan("-c", file)
    assert "rule p is left out: it looks at paths only" in done.err


def test_a_folder_is_scanned_with_the_same_lists(tmp_path: Path) -> None:
    """Paths are those below it."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.env").write_bytes(BARE % token(1))
    (folder / "b.env").write_bytes(MARKED % token(2))
    file = written(tmp_path, "a.env:github-pat:1\n")
    done = forensics("scan", "--dir", folder, "-i", file)
    assert done.code == 0
    assert figure(done, "ignored") == "2 (1 file, 1 gitleaks:allow)"


def test_json_says_what_is_ignored(path: Path) -> None:
    """At the occurrence."""
    told = Told(path, MARKED % token(1))
    told.scan()
    (secret,) = json.loads(forensics("findings", path, "-f", "json").out)
    assert [one["ignored"] for one in secret["occurrences"]] == ["gitleaks:allow"]


def test_findings_can_be_asked_for_by_another_tools_rule(path: Path) -> None:
    """As `scan` can."""
    told = Told(path, BARE % token(1))
    assert told.scan("--enable-rule", "gitleaks:github-pat").code == 1
    assert len(forensics("findings", path, "--rule", "github-pat", "-f", "jsonl").lines) == 1
    assert forensics("findings", path, "--rule", "gitlab-pat").code == 2


def test_a_fingerprint_file_that_is_not_there_is_an_error(path: Path, tmp_path: Path) -> None:
    """Not an empty one."""
    done = Told(path, BARE % token(1)).scan("-i", tmp_path / "missing")
    assert done.code == 2
    assert "name a file of fingerprints" in done.error()
