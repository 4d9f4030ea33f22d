"""`show`: one secret's whole story, by the start of its fingerprint."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from detectors.template import expand
from fixtures_repos.builder import Builder
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import token
from forensics.key import Key
from tests.cli.command import forensics


@pytest.fixture
def scanned(leaked_then_deleted: Story, key: Key) -> Path:
    assert key
    forensics("scan", leaked_then_deleted.path)
    return leaked_then_deleted.path


@pytest.mark.parametrize("form", ["{}", "#{}"])
@pytest.mark.parametrize("digits", [4, 8, 64])
def test_the_first_digits_name_a_secret(
    scanned: Path, key: Key, leaked_then_deleted: Story, form: str, digits: int
) -> None:
    """With or without the sign that the table puts before them, in either case."""
    name = key.fingerprint(leaked_then_deleted.secret).hex()
    for given in (name[:digits], name[:digits].upper()):
        done = forensics("show", form.format(given), scanned)
        assert (done.code, done.err) == (0, "")
        assert f"#{name[:8]}" in done.out


def test_the_story_says_what_it_is_and_what_to_do(scanned: Path, key: Key) -> None:
    """Title, severity, checksum, why it matters and the remedy."""
    out = forensics("show", key.fingerprint(token()).hex(), scanned).out
    for part in ("CRITICAL", "its checksum is right", "why ", "what to do ", "where ", "40 bytes"):
        assert part in out
    assert token().decode() not in out


def test_the_story_says_whether_the_structure_is_right(tmp_path: Path, key: Key) -> None:
    """Where there is no checksum, but a form that can be tested."""
    value = expand("{jwt:HS256}")
    builder = Builder(tmp_path / "r")
    builder.write("a.txt", b"Authorization: Bearer " + value + b"\n")
    builder.commit("Sign in")
    forensics("scan", builder.path)
    out = forensics("show", key.fingerprint(value).hex(), builder.path).out
    assert "its structure is right" in out


def test_the_story_tells_where_it_came_and_went(
    scanned: Path, key: Key, leaked_then_deleted: Story
) -> None:
    """In an order that follows ancestry, with who did it."""
    lines = forensics("show", key.fingerprint(token()).hex(), scanned).out.splitlines()
    told = [line.removeprefix("history").split() for line in lines if "[GITHUB_TOKEN]" in line]
    assert [words[1:4] for words in told] == [
        ["introduced", leaked_then_deleted.commits["leak"][:12], "deploy/ci.env:2"],
        ["removed", leaked_then_deleted.commits["delete"][:12], "deploy/ci.env:2"],
    ]
    assert "Ben Instance" in " ".join(told[0])
    assert "Ada Example" in " ".join(told[1])


@pytest.mark.parametrize("name", ["xyz", "", "#", "%", "_", "f" * 65, "--", "0\x1b[2J"])
def test_what_is_no_fingerprint_is_an_error(scanned: Path, name: str) -> None:
    """Wildcards of SQL included."""
    done = forensics("show", "--", name, scanned)
    assert done.code == 2
    assert "forensics findings" in done.error()


def test_an_unknown_fingerprint_is_an_error(scanned: Path, key: Key) -> None:
    """Well-formed, but nobody's."""
    unknown = f"{int(key.fingerprint(token()).hex()[:8], 16) ^ 1:08x}"
    done = forensics("show", unknown, scanned)
    assert done.code == 2
    assert unknown in done.error()


def test_a_start_that_several_secrets_share_is_an_error(tmp_path: Path, key: Key) -> None:
    """It asks for more digits, and more digits help."""
    first: dict[str, bytes] = {}
    for seed in count(1):
        value = token(seed)
        shared = key.fingerprint(value).hex()[:4]
        if shared in first:
            break
        first[shared] = value
    builder = Builder(tmp_path / "r")
    builder.write("two.env", b"T=%s\nU=%s\n" % (first[shared], value))
    builder.commit("Leak two")
    forensics("scan", builder.populate())
    done = forensics("show", shared, builder.path)
    assert done.code == 2
    assert "more digits" in done.error()
    assert done.out == ""
    assert forensics("show", key.fingerprint(value).hex(), builder.path).code == 0


@pytest.mark.parametrize("digits", [1, 3])
def test_a_slip_of_the_finger_names_no_secret(scanned: Path, key: Key, digits: int) -> None:
    """Though there is only one that it could mean."""
    done = forensics("show", key.fingerprint(token()).hex()[:digits], scanned)
    assert done.code == 2
    assert "4 digits" in done.error()


def test_a_value_given_instead_of_its_fingerprint_is_not_told(scanned: Path) -> None:
    """What is said may be kept in a log."""
    done = forensics("show", token().decode(), scanned)
    assert done.code == 2
    assert token().decode() not in done.error()
    assert "fingerprint" in done.error()


@pytest.mark.parametrize("command", [["findings"], ["show", "0"]])
def test_an_index_can_be_named(
    scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], key: Key
) -> None:
    """By option or by variable, from anywhere."""
    command = [one.replace("0", key.fingerprint(token()).hex()[:6]) for one in command]
    index = scanned / ".git/forensics/index.db"
    named = forensics(*command, "--index", index, cwd=tmp_path)
    monkeypatch.setenv("FORENSICS_INDEX", str(index))
    assert forensics(*command, cwd=tmp_path) == named
    assert named.code in (0, 1)
    assert "deploy/ci.env" in named.out


@pytest.mark.usefixtures("key")
def test_findings_of_one_rule(acme_repository: Path) -> None:
    """The filter can be repeated."""
    forensics("scan", acme_repository)
    every = forensics("findings", acme_repository, "-f", "jsonl").lines
    names = sorted({line["rule"] for line in every})
    one = forensics("findings", acme_repository, "-f", "jsonl", "--rule", names[0]).lines
    assert one == [line for line in every if line["rule"] == names[0]]
    words = [word for name in names[:2] for word in ("--rule", name)]
    two = forensics("findings", acme_repository, "-f", "jsonl", *words).lines
    assert two == [line for line in every if line["rule"] in names[:2]]


@pytest.mark.parametrize("changed", ["id", "secret"])
def test_an_id_is_told_with_the_secret_that_it_was_found_beside(
    tmp_path: Path, key: Key, changed: str
) -> None:
    """Another id beside the same secret is no event; another secret beside the same id is one."""
    ids = [expand("AKIA{base32:16}", number) for number in (1, 2)]
    secrets = [expand("{alnum:40}", number) for number in (11, 12)]
    builder = Builder(tmp_path / "r")
    for step in (0, 1):
        pair = (ids[step * (changed == "id")], secrets[step * (changed == "secret")])
        builder.write("p.env", b"AWS_ACCESS_KEY_ID=%s\nAWS_SECRET_ACCESS_KEY=%s\n" % pair)
        builder.commit(f"Step {step}")
    path = builder.populate()
    forensics("scan", path)
    out = forensics("show", key.fingerprint(secrets[0]).hex(), path).out
    slots = [one for one in out.partition("\nslots")[2].splitlines() if "access key id" in one]
    assert all(ids[0].decode() in one for one in slots)
    if changed == "id":
        assert "EXPOSED" in out
        assert len(slots) == 1
    else:
        assert "REPLACED-EVERYWHERE" in out
        assert len(slots) == 2
