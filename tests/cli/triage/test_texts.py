"""What people write holds no secret that the index knows, whether or not a rule would find it."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from detectors.template import expand
from fixtures_repos.builder import Builder
from forensics.key import Key
from tests.cli.command import Done, forensics
from tests.cli.triaging import Project

pytestmark = pytest.mark.usefixtures("key")
VALUE = expand("{alnum:24}", 7).decode()
"""What a rule finds only beside a name that tells."""


@pytest.fixture
def generic(tmp_path: Path, key: Key) -> Project:
    """A secret that is known by what stands before it."""
    made = Project(tmp_path / "r", key)
    made.builder.write("a.env", f"DB_PASSWORD={VALUE}\n")
    made.builder.commit("Leak")
    assert made.scan().code == 1
    return made


def everything_said(project: Project) -> list[str]:
    """All that tells of decisions, and the index itself."""
    secret = project.key.fingerprint(VALUE.encode()).hex()
    told = [
        project.run(*words).out
        for words in (
            ("triage",), ("triage", "-f", "jsonl"), ("triage", "export"), ("show", secret),
            ("log", secret, "-f", "jsonl"), ("log", secret, "-f", "mermaid"),
            ("report", project.path), ("findings", "-f", "jsonl"),
        )
    ]  # fmt: skip
    return [*told, project.index.read_bytes().decode("latin-1")]


@pytest.mark.parametrize(
    "text",
    [
        VALUE,
        f"because {VALUE} is fine",
        f"x{VALUE}y",
        f'set("{VALUE}")',
        f"postgres://u:{VALUE}@db",
        b64encode(VALUE.encode()).decode(),
        "".join(f"%{byte:02X}" for byte in VALUE.encode()),
    ],
)
def test_a_value_that_the_index_knows_is_masked(generic: Project, text: str) -> None:
    """In every text, however it stands there; what is around it stays, as long as it was plain."""
    generic.triage(
        "--all", "--state", "revoked", "--when", "2024-01-31", "--yes",
        "--evidence", text, "--reason", text, "--note", text, "--owner", text,
    )  # fmt: skip
    for told in everything_said(generic):
        assert VALUE not in told
        assert text not in told
    (one,) = generic.triage("-f", "jsonl").lines
    if VALUE in text:
        assert one["reason"] == text.replace(VALUE, "****")


def test_a_value_with_spaces_is_masked(tmp_path: Path, key: Key) -> None:
    """As a whole, where it begins and ends as words do."""
    value = " ".join(expand("{alnum:7}", seed).decode() for seed in (1, 2, 3))
    project = Project(tmp_path / "r", key)
    project.builder.write("config.py", f'password = "{value}"\n')
    project.builder.commit("Leak")
    assert project.scan().code == 1
    project.triage("--all", "--state", "test", "--yes", "--reason", f"only '{value}' there")
    (one,) = project.triage("-f", "jsonl").lines
    assert one["reason"] == "only '****' there"


def test_what_is_imported_is_masked(generic: Project, tmp_path: Path) -> None:
    """Also who it says decided."""
    generic.triage("--all", "--state", "test", "--yes", "--reason", "known")
    file = tmp_path / "triage.toml"
    generic.triage("export", file)
    lines = (
        f'by = "me {VALUE}"' if line.startswith("by = ") else line
        for line in file.read_text().replace('"known"', f'"x{VALUE}"').splitlines()
    )
    file.write_text("\n".join(lines))
    generic.triage("import", file, "--force")
    (one,) = generic.triage("-f", "jsonl").lines
    assert (one["reason"], one["by"]) == ("x****", "me ****")
    assert all(VALUE not in told for told in everything_said(generic))


def test_what_was_decided_before_a_scan_found_it_is_masked_in_the_file(
    generic: Project, tmp_path: Path
) -> None:
    """The file is to be committed."""
    later = expand("{alnum:24}", 8).decode()
    generic.triage("--all", "--state", "confirmed", "--yes", "--note", f"now {later}")
    generic.builder.write("a.env", f"DB_PASSWORD={later}\n")
    generic.builder.commit("Rotate")
    generic.scan()
    assert later not in generic.triage("export").out


def test_a_query_with_such_a_value_is_not_saved(generic: Project) -> None:
    """What is saved stands in a file of its own."""
    done = generic.run("query", "save", "mine", f"path:x{VALUE}")
    assert "there is a secret in the query" in done.error()
    assert VALUE not in done.err


@pytest.mark.parametrize("option", ["--reason", "--owner"])
def test_a_difference_is_not_accepted_with_such_a_value(tmp_path: Path, option: str) -> None:
    """Neither the file nor the journal gets it."""
    builder = Builder(tmp_path / "r")
    builder.write("a.env", f"DB_PASSWORD={VALUE}\n")
    builder.commit("Leak")
    path = builder.populate()
    forensics("scan", path)
    done = _accept(path, **{option: f"x{VALUE}"})
    assert done.code == 2
    assert f"{option} holds a secret" in done.error()
    assert VALUE not in done.err
    assert not (path / ".forensics-drift.toml").exists()
    assert VALUE.encode() not in (path / ".git/forensics/index.db").read_bytes()
    assert _accept(path).code == 0


def _accept(path: Path, **changed: str) -> Done:
    said = {"--set": "web", "--key": "A", "--reason": "meant", "--owner": "ops", "--expires": "9d"}
    words = [word for pair in (said | changed).items() for word in pair]
    return forensics("drift", "accept", *words, "-C", path)
