"""`forensics show --diff` and `--file`: contents with every secret masked."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import NamedTuple

import pytest

from detectors.template import expand
from fixtures_repos.builder import Builder
from fixtures_repos.stories.story import setting, token
from forensics.key import Key
from tests.cli.command import Done, forensics

VALUE = token(3)
PLAIN = b"Vq7rT2mLx9" + b"Zp4KdW8sNc"
"""A value that only a setting's name gives away."""


class Told(NamedTuple):
    """A repository that was scanned."""

    path: Path
    first: str
    second: str


@pytest.fixture
def leaked(tmp_path: Path, key: Key) -> Told:
    """A file with secrets, then without; one of them goes on in words, in it and elsewhere."""
    builder = Builder(tmp_path / "r")
    builder.write("app.env", b'DB_PASSWORD="%s"\n%s\n' % (PLAIN, setting(VALUE)))
    builder.write("odd \x1b[31m.txt", b"one\x1b[2Jtwo \xe2\x80\xaeabc \xff\n")
    first = builder.commit("One")
    builder.write("app.env", b"# it was " + PLAIN + b" once\nDB_PASSWORD=${DB_PASSWORD}\n")
    builder.write("notes.txt", b"see " + PLAIN + b"\n")
    second = builder.commit("Two: " + PLAIN.decode() + " goes")
    path = builder.populate()
    forensics("scan", path)
    return Told(path, first, second)


def show(told: Told, *words: object) -> Done:
    """Run it in that repository."""
    return forensics("show", *words, cwd=told.path)


def mask(key: Key, value: bytes) -> str:
    """What stands for a value."""
    return f"****#{key.fingerprint(value).hex()[:8]}"


def hides(done: Done) -> bool:
    """Whether no value got out, in whatever form."""
    text = done.out + done.err
    forms = [form for one in (VALUE, PLAIN) for form in (one, b64encode(one), one.hex().encode())]
    return not any(one.decode() in text for one in forms)


def test_a_diff_has_masks_in_place_of_values(leaked: Told, key: Key) -> None:
    """In files and in the message; the rest is as it was."""
    done = show(leaked, "--diff", leaked.second)
    assert done.code == 0
    assert hides(done)
    lines = done.out.splitlines()
    assert lines[0] == f"commit {leaked.second}"
    assert f'-DB_PASSWORD="{mask(key, PLAIN)}"' in lines
    assert f"+# it was {mask(key, PLAIN)} once" in lines
    assert f"+see {mask(key, PLAIN)}" in lines
    assert "+DB_PASSWORD=${DB_PASSWORD}" in lines
    assert f"Two: {mask(key, PLAIN)} goes" in lines
    same = forensics("show", leaked.path, "--diff", "HEAD")
    assert same.out == done.out


def test_a_file_has_masks_in_place_of_values(leaked: Told, key: Key) -> None:
    """Also in a version in which no rule finds the value that stood there before."""
    first = show(leaked, "--file", f"{leaked.first}:app.env")
    assert hides(first)
    assert first.out.splitlines()[0] == f'DB_PASSWORD="{mask(key, PLAIN)}"'
    assert mask(key, VALUE) in first.out
    second = show(leaked, "--file", "HEAD:app.env")
    assert hides(second)
    assert second.out == f"# it was {mask(key, PLAIN)} once\nDB_PASSWORD=${{DB_PASSWORD}}\n"


def test_the_value_of_a_secret_that_is_named_is_masked_anywhere(leaked: Told, key: Key) -> None:
    """In a file in which nothing else tells that it is one."""
    secret = key.fingerprint(PLAIN).hex()
    done = show(leaked, secret[:12], "--file", "HEAD:notes.txt")
    assert done.out == f"see {mask(key, PLAIN)}\n"
    assert done.code == 0


def test_a_value_that_another_file_cuts_in_two_is_masked_in_pieces(
    tmp_path: Path, key: Key
) -> None:
    """Where no rule sees it; with what cuts it, and in diffs told apart from the whole value."""
    body = VALUE[:18] + b'" + "' + VALUE[18:]
    builder = Builder(tmp_path / "r")
    builder.write("app.env", setting(VALUE))
    builder.write("a.js", b'var a = "%s";\n' % VALUE)
    builder.commit("One")
    builder.write("a.js", b'var a = "%s";\n' % body)
    builder.write("b.js", b'var b = "%s";\n' % body)
    builder.commit("Two")
    path = builder.populate()
    forensics("scan", path)
    value = mask(key, VALUE)
    pieces = f'"{value}~1-18" + "{value}~19-40"'
    assert forensics("show", path, "--file", "HEAD:b.js").out == f"var b = {pieces};\n"
    lines = forensics("show", path, "--diff", "HEAD").out.splitlines()
    assert f'-var a = "{value}";' in lines
    assert f"+var a = {pieces};" in lines
    assert f"+var b = {pieces};" in lines


def test_a_value_that_is_found_in_pieces_is_masked_wherever_they_stand(tmp_path: Path) -> None:
    """A key in strings that a program joins, and its lines where nothing says what they are."""
    lines = expand("{pem:RSA PRIVATE KEY}", 9).rstrip(b"\n").split(b"\n")
    builder = Builder(tmp_path / "r")
    builder.write("Key.java", b" +\n".join(b'"%s\\n"' % one for one in lines))
    builder.write("notes", b"\n".join(b"// " + one for one in lines[1:-1]))
    builder.commit("One")
    path = builder.populate()
    forensics("scan", path)
    for name in ("Key.java", "notes"):
        done = forensics("show", path, "--file", f"HEAD:{name}")
        assert done.code == 0
        assert not any(one.decode() in done.out for one in lines[1:-2])


def test_nothing_in_a_file_or_its_name_moves_the_cursor(leaked: Told) -> None:
    """What is hidden or turns around appears as escapes."""
    diff = show(leaked, "--diff", leaked.first)
    file = show(leaked, "--file", f"{leaked.first}:odd \x1b[31m.txt")
    assert file.out == "one\\x1b[2Jtwo \\u202eabc \\xff\n"
    for done in (diff, file):
        assert done.code == 0
        assert not {"\x1b", "\u202e"} & set(done.out)
    assert "odd \\x1b[31m.txt added" in diff.out


def test_a_blob_is_shown_by_its_id(leaked: Told) -> None:
    """As reports name it."""
    done = forensics("findings", leaked.path, "-f", "jsonl")
    blob = next(
        line.split('"blob": "')[1][:40] for line in done.out.splitlines() if "app.env" in line
    )
    shown = show(leaked, "--file", blob)
    assert hides(shown)
    assert shown.out == show(leaked, "--file", f"{leaked.first}:app.env").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--diff", "no-such-name"), "names no commit"),
        (("--file", "HEAD:nothing.txt"), "is no file here"),
        (("--file", "HEAD:"), "names no file"),
        (("--file", ":app.env"), "names no file"),
        (("--file", "HEAD"), "is a commit, not a file"),
        (("--file", "HEAD:a", "--diff", "HEAD"), "give one of them"),
        (("--diff", "HEAD", "-f", "json"), "give one of them"),
        (("--diff", "HEAD", "--reveal"), "give one of them"),
        (("ffffffff", "--diff", "HEAD"), "ffffffff"),
        ((), "no secret is named"),
    ],
)
def test_what_cannot_be_shown_is_said_in_one_line(
    leaked: Told, words: tuple[str, ...], said: str
) -> None:
    """With the code of wrong usage, and nothing on standard output."""
    done = show(leaked, *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.error()


def test_who_names_a_file_for_a_secret_is_told_how_to_show_it(tmp_path: Path, key: Key) -> None:
    """At HEAD, or where it last stood; of other words nothing is told, which may be a value."""
    builder = Builder(tmp_path / "r")
    builder.write("gone.env", setting(VALUE))
    first = builder.commit("One")
    builder.write("kept.txt", b"kept\n")
    builder.delete("gone.env")
    builder.commit("Two")
    path = builder.populate()
    forensics("scan", path)
    for name, at in (("kept.txt", "HEAD"), ("gone.env", first[:12])):
        done = forensics("show", name, cwd=path)
        assert (done.code, done.out) == (2, "")
        assert f"`forensics show --file {at}:{name}` shows the file" in done.error()
        assert (
            f"`forensics show {path} --file {at}:{name}`" in forensics("show", name, path).error()
        )
    assert "a folder is named" in forensics("show", path).error()
    assert VALUE.decode() not in forensics("show", VALUE.decode(), path).error()


def test_a_repository_that_was_not_scanned_is_not_shown(leaked: Told, tmp_path: Path) -> None:
    """Its secrets would not all be known."""
    builder = Builder(tmp_path / "other")
    builder.write("app.env", setting(VALUE))
    builder.commit("One")
    other = builder.populate()
    index = leaked.path / ".git/forensics/index.db"
    done = forensics("show", other, "--diff", "HEAD", "--index", index)
    assert done.code == 2
    assert "scan it first" in done.error()
    assert hides(done)
