"""`triage export` and `import`: decisions as a file that a team reviews and merges."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.stories.story import setting, token
from forensics.key import KEY_VARIABLE, Key
from tests.cli.command import forensics
from tests.cli.triaging import Project

pytestmark = pytest.mark.usefixtures("key")
TOMORROW = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
"""As another clock may have it."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three secrets, of which the first two are triaged in the index beside it."""
    builder = Builder(tmp_path / "r")
    for seed in (1, 2, 3):
        builder.write(f"{seed}.env", setting(token(seed)))
    builder.commit("Leak three")
    forensics("scan", builder.path)
    return builder.path


@pytest.fixture
def names(key: Key) -> list[str]:
    return [key.fingerprint(token(seed)).hex() for seed in (1, 2, 3)]


@pytest.fixture
def file(path: Path, names: list[str], tmp_path: Path) -> Path:
    """What was exported."""
    decide(path, names[0], "--state", "accepted", "--owner", "ada", "--expires", "90d")
    decide(path, names[1], "--state", "false-positive", "--reason", 'it\'s a "sample" \\ é')
    written = tmp_path / "triage.toml"
    assert forensics("triage", "export", written, "-C", path).code == 0
    return written


def decide(path: Path, *words: object) -> None:
    assert forensics("triage", *words, "-C", path).code == 0


def fresh(path: Path, tmp_path: Path, name: str = "fresh.db") -> Path:
    """Another index of the same repository."""
    index = tmp_path / name
    assert forensics("scan", path, "--index", index).code == 1
    return index


def exported(index: Path) -> str:
    done = forensics("triage", "export", "--index", index)
    assert done.code == 0
    return done.out


def test_what_is_exported_is_taken_in_elsewhere(path: Path, file: Path, tmp_path: Path) -> None:
    """And exported from there, it is the same."""
    index = fresh(path, tmp_path)
    done = forensics("triage", "import", file, "--index", index)
    assert done.code == 0
    assert "took in 2, 0 known, 0 kept" in done.err
    assert exported(index) == file.read_text()
    done = forensics("triage", "import", file, "--index", index)
    assert "took in 0, 2 known, 0 kept" in done.err


def test_a_file_taken_in_before_the_first_scan_counts_for_it(
    path: Path, file: Path, names: list[str], tmp_path: Path
) -> None:
    """As where each job starts with none."""
    index = tmp_path / "new.db"
    assert forensics("triage", "import", file, "--index", index).code == 0
    lines = forensics("scan", path, "--index", index, "-f", "jsonl").lines
    assert {line["secret"]: line["status"] for line in lines} == {
        names[0]: "accepted", names[1]: "false-positive", names[2]: "present",
    }  # fmt: skip


def test_a_file_that_is_refused_makes_no_index(file: Path, tmp_path: Path) -> None:
    """What is no decision leaves nothing behind."""
    file.write_text("format = 7")
    assert forensics("triage", "import", file, "--index", tmp_path / "new.db").code == 2
    assert not (tmp_path / "new.db").exists()


def test_places_travel_with_the_file(
    path: Path, file: Path, names: list[str], tmp_path: Path
) -> None:
    """What was accepted at one path is not accepted at another, in whatever index."""
    index = fresh(path, tmp_path)
    text = file.read_text().replace("tip 1.env", "tip elsewhere.env")
    file.write_text(text)
    forensics("triage", "import", file, "--index", index)
    done = forensics("scan", path, "--index", index, "-f", "jsonl")
    statuses = {line["secret"]: line["status"] for line in done.lines}
    assert statuses[names[0]] == "present"


def test_the_file_is_sorted_and_a_block_a_secret(file: Path, names: list[str]) -> None:
    """Blocks are apart, each secret's lines together."""
    blocks = file.read_text().strip().split("\n\n")
    heads = [block.splitlines()[0] for block in blocks[1:]]
    assert heads == [f"[secret.{name}]" for name in sorted(names[:2])]


def test_branches_that_decide_about_different_secrets_merge(
    path: Path, file: Path, names: list[str], tmp_path: Path
) -> None:
    """Git needs no help, and the outcome is taken in."""
    middle = sorted(names)[1]
    forensics("triage", *names, "--state", "confirmed", "-C", path)
    forensics("triage", "export", file, "-C", path)
    builder = Builder(tmp_path / "team")
    builder.write("triage.toml", file.read_bytes())
    builder.commit("Start")
    builder.populate()
    base = file.read_text()
    for branch, name, state in (("one", min(names), "accepted"), ("two", max(names), "test")):
        git(builder.path, "checkout", "-q", "-b", branch, "main")
        changed = re.sub(rf'(\[secret\.{name}\]\nstate = )"[a-z]+"', rf'\1"{state}"', base)
        (builder.path / "triage.toml").write_text(changed)
        git(builder.path, "-c", "user.name=A", "-c", "user.email=a@b", "commit", "-qam", branch)
    git(builder.path, "-c", "user.name=A", "-c", "user.email=a@b", "merge", "-q", "one")
    merged = tomllib.loads((builder.path / "triage.toml").read_text())["secret"]
    assert {name: facts["state"] for name, facts in merged.items()} == {
        min(names): "accepted", middle: "confirmed", max(names): "test",
    }  # fmt: skip


def test_the_newer_decision_holds(path: Path, file: Path, names: list[str]) -> None:
    """The index's own is kept, and that is said, unless the file is to win."""
    older = re.sub(r"changed = \S+", "changed = 2020-01-01T00:00:00Z", file.read_text())
    file.write_text(older.replace('"accepted"', '"test"'))
    done = forensics("triage", "import", file, "-C", path)
    assert f"#{names[0][:8]} was decided otherwise here" in done.err
    assert forensics("findings", path, "-f", "jsonl").lines[-2]["status"] in (
        "accepted", "false-positive",
    )  # fmt: skip
    assert "test" not in forensics("triage", "-C", path).out
    forensics("triage", "import", file, "-C", path, "--force")
    assert "test" in forensics("triage", "-C", path).out


def test_a_newer_file_wins(path: Path, file: Path) -> None:
    """What was decided there is decided here, and one undo takes all of it back."""
    newer = re.sub(r"changed = \S+", f"changed = {TOMORROW}", file.read_text())
    file.write_text(newer.replace('"accepted"', '"test"'))
    forensics("triage", "import", file, "-C", path)
    assert "test" in forensics("triage", "-C", path).out
    forensics("triage", "--undo", "-C", path)
    assert "test" not in forensics("triage", "-C", path).out


@pytest.fixture
def reopened(project: Project) -> Project:
    """Accepted, deleted, and there again."""
    project.triage(project.name(), "--state", "accepted", "--reason", "known", "--expires", "90d")
    project.builder.delete("a.env")
    project.builder.commit("Delete it")
    project.leak()
    assert project.scan().code == 1
    assert project.states() == {project.name(): "open"}
    return project


def test_what_was_reopened_is_open_wherever_it_is_taken_in(
    reopened: Project, tmp_path: Path
) -> None:
    """And loses nothing of what was decided."""
    file = tmp_path / "triage.toml"
    reopened.triage("export", file)
    index = tmp_path / "new.db"
    done = forensics("triage", "import", file, "--index", index)
    assert "took in 1, 0 known, 0 kept" in done.err
    assert forensics("scan", reopened.path, "--index", index).code == 1
    (one,) = forensics("triage", "-f", "jsonl", "--index", index).lines
    assert (one["state"], one["reason"]) == ("open", "known")
    here, there = exported(index), file.read_text()
    assert here.replace(_reopened(here), "") == there.replace(_reopened(there), "")
    assert "took in 0, 1 known" in forensics("triage", "import", file, "--index", index).err


def _reopened(text: str) -> str:
    (line,) = re.findall(r"^reopened = .*\n", text, re.MULTILINE)
    return str(line)


def test_what_was_reopened_elsewhere_is_reopened_here(reopened: Project, tmp_path: Path) -> None:
    """Though the decision is known; an older file does not undo that."""
    file, older = tmp_path / "triage.toml", tmp_path / "older.toml"
    text = reopened.triage("export").out
    file.write_text(text)
    older.write_text(text.replace(_reopened(text), ""))
    index = tmp_path / "new.db"
    for one, code in ((older, 0), (file, 1), (older, 1)):
        assert forensics("triage", "import", one, "--index", index).code == 0
        assert forensics("scan", reopened.path, "--index", index).code == code


def test_a_later_decision_outlives_a_reopening_that_is_merged(
    reopened: Project, tmp_path: Path
) -> None:
    """As git merges lines, not what they mean."""
    file = tmp_path / "triage.toml"
    text = reopened.triage("export").out
    file.write_text(re.sub(r"changed = \S+", f"changed = {TOMORROW}", text))
    index = tmp_path / "new.db"
    assert forensics("triage", "import", file, "--index", index).code == 0
    assert forensics("scan", reopened.path, "--index", index).code == 0


def test_another_key_is_an_error(
    path: Path, file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its fingerprints would mean nothing here."""
    monkeypatch.setenv(KEY_VARIABLE, "ab" * 32)
    index = fresh(path, tmp_path)
    done = forensics("triage", "import", file, "--index", index)
    assert done.code == 2
    assert "forensics key import" in done.error()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('state = "accepted"', 'state = "fine"'),
        ('state = "accepted"', 'state = "revoked"'),
        ('state = "accepted"', 'state = "accepted"\nmood = "good"'),
        ("format = 1", "format = 2"),
        ("format = 1", 'format = 1\nmore = "x"'),
        ("[secret.", "[secret.zz"),
        ('owner = "ada"', "owner = 4"),
        ('owner = "ada"', f'owner = "{"x" * 3000}"'),
        ("changed = ", "changed = 4 # "),
        ("changed = ", "# "),
        ("changed = ", "changed = 2199-01-01T00:00:00Z # "),
        ("expires = ", "expires = 9999-12-31T23:59:59-23:59 # "),
        ("expires = ", "expires = 0001-01-01T00:00:00+23:59 # "),
        ("expires = ", "expires = 2200-01-01T00:00:00Z # "),
        ("changed = ", "changed = 1970-12-31T23:59:59Z # "),
        ("by = ", "reopened = 0001-01-01T00:00:00+23:59\nby = "),
        ('state = "accepted"', 'state = "accepted"\ndue = 2027-01-01T00:00:00Z'),
        ('state = "accepted"', 'state = "open"'),
        ('state = "accepted"', 'state = "accepted"\nevidence = "a ticket"'),
        ('state = "accepted"', 'state = "accepted"\nrevoked_at = 2024-01-01T00:00:00Z'),
        (
            'state = "accepted"',
            'state = "revoked"\nevidence = "a"\nrevoked_at = 2024-01-01T00:00:00Z',
        ),
        (
            'state = "false-positive"',
            'state = "revoked"\nevidence = "a"\nrevoked_at = 2199-01-01T00:00:00Z',
        ),
        ('"tip 1.env"', '"somewhere 1.env"'),
        ('"tip 1.env"', '"tip #12"'),
        ('"tip 1.env"', "4"),
        ("[secret.", "["),
        ("format = 1", "format = 1\nsecret = 4 # "),
        ("format", "\x00"),
    ],
)
def test_what_does_not_fit_is_an_error(path: Path, file: Path, old: str, new: str) -> None:
    """One line, and nothing of the file is taken in."""
    before = forensics("triage", "-C", path, "-f", "jsonl").out
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    done = forensics("triage", "import", file, "-C", path, "--force")
    assert done.code == 2
    assert file.name in done.error()
    assert forensics("triage", "-C", path, "-f", "jsonl").out == before


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"a = " + b"9" * 5_000, b"[" * 100_000, b"a = " + b"{" * 100_000, b""]
)
def test_what_is_no_triage_file_is_an_error(path: Path, tmp_path: Path, content: bytes) -> None:
    """Also where it tries to exhaust the parser."""
    bad = tmp_path / "bad.toml"
    bad.write_bytes(content)
    done = forensics("triage", "import", bad, "-C", path)
    assert done.code == 2
    assert done.error()


def test_a_missing_file_is_an_error(path: Path, tmp_path: Path) -> None:
    """To read, and a folder to write to."""
    assert forensics("triage", "import", tmp_path / "none", "-C", path).code == 2
    assert forensics("triage", "export", tmp_path / "none" / "x", "-C", path).code == 2


def test_texts_of_a_file_cannot_end_a_line(path: Path, file: Path, names: list[str]) -> None:
    """Nor can they pass for another entry when they are exported again."""
    hostile = 'reason = "a\\n[secret.x]\\u001b[2J\\u202e"'
    newer = re.sub(r"changed = \S+", f"changed = {TOMORROW}", file.read_text())
    file.write_text(newer.replace('state = "accepted"', f'state = "accepted"\n{hostile}'))
    assert forensics("triage", "import", file, "-C", path).code == 0
    out = forensics("triage", "export", "-C", path).out
    assert set(tomllib.loads(out)["secret"]) == set(names[:2])
    for text in (out, forensics("triage", "-C", path).out, forensics("log", "-C", path).out):
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_the_journal_tells_of_both(path: Path, file: Path) -> None:
    """With numbers, and the decisions caused by the import."""
    newer = re.sub(r"changed = \S+", f"changed = {TOMORROW}", file.read_text())
    file.write_text(newer)
    forensics("triage", "import", file, "-C", path)
    lines = forensics("log", path, "-f", "jsonl").lines
    (imported,) = (one for one in lines if one["kind"] == "imported")
    assert imported["detail"]["taken"] == 2
    assert [one["kind"] for one in lines if one["related_to"] == imported["id"]] == ["triaged"] * 2
    assert [one["kind"] for one in lines].count("exported") == 1
