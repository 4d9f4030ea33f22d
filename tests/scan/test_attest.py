"""A value is said to be gone only where no object, name or git file holds it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import signal
import textwrap
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from detectors.template import expand
from fixtures_repos import layouts
from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.stories import STORIES, Story
from fixtures_repos.stories.story import PLACE, setting, token
from forensics.report.attestation import as_json, as_markdown, as_text, outcome
from forensics.scan import searching
from tests.scan.attesting import attested, verdict
from tests.scan.killing import dying
from tests.scan.test_no_plaintext import forms as forms_in_a_report

VALUE = expand("{alnum:30}") + b"/+&\"'~~~???\xc3\xbc"
TEXT = VALUE.decode()

FORMS: dict[str, tuple[str, bytes]] = {
    "raw": ("as it is", VALUE),
    "hex": ("hex", VALUE.hex().encode()),
    "upper-case hex": ("hex", VALUE.hex().upper().encode()),
    "base64": ("base64", base64.b64encode(VALUE)),
    "base64 at offset 1": ("base64", base64.b64encode(b"x" + VALUE + b"yz")),
    "base64 at offset 2": ("base64", base64.b64encode(b"user:" + VALUE)),
    "base64 in lines": ("base64", base64.encodebytes(bytes(70) + VALUE + bytes(90))),
    "URL-safe base64": ("base64url", base64.urlsafe_b64encode(b"xy" + VALUE + b"\xff")),
    "UTF-16, little end first": ("UTF-16LE", TEXT.encode("utf-16-le")),
    "UTF-16, big end first": ("UTF-16BE", TEXT.encode("utf-16-be")),
    "percent": ("percent", quote(TEXT, safe="").encode()),
    "lower-case percent": (
        "percent",
        re.sub("%..", lambda found: found[0].lower(), quote(TEXT, safe="")).encode(),
    ),
    "JSON": ("JSON", json.dumps(TEXT).encode()),
    "JSON in JSON": ("JSON", json.dumps(json.dumps(TEXT)).encode()),
    "hexadecimal escapes": ("\\x", "".join(f"\\x{byte:02x}" for byte in VALUE).encode()),
    "Unicode escapes": ("\\x", "".join(f"\\u{ord(one):04X}" for one in TEXT).encode()),
    "for a command line": ("base64 of UTF-16LE", base64.b64encode(TEXT.encode("utf-16-le"))),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_value_is_found_however_it_is_written(tmp_path: Path, form: str) -> None:
    """Each form is told by its name."""
    name, written = FORMS[form]
    builder = Builder(tmp_path / "repository")
    builder.write("a/file", b"\x01before " + written + b" after\n")
    builder.commit("Add a file")
    one = verdict(builder.path, VALUE)
    assert one.counts == {"ref": 1}
    assert name in one.places[0].forms
    assert (one.places[0].name, one.places[0].path) == ("refs/heads/main", "a/file")


@pytest.mark.parametrize("form", FORMS)
def test_another_value_is_not_found(tmp_path: Path, form: str) -> None:
    """One byte at either end makes it another."""
    builder = Builder(tmp_path / "repository")
    builder.write("file", FORMS[form][1])
    builder.commit("Add a file")
    assert verdict(builder.path, b"#" + VALUE).gone
    assert verdict(builder.path, VALUE + b"#").gone


def test_a_key_in_its_armour_is_found_by_the_bytes_inside(tmp_path: Path) -> None:
    """What is known of a private key is its DER; in files it stands in lines of base64."""
    der = os.urandom(1200)
    body = "\n".join(textwrap.wrap(base64.b64encode(der).decode(), 64))
    builder = Builder(tmp_path / "repository")
    builder.write("key", f"{5 * '-'}BEGIN KEY{5 * '-'}\n{body}\n")
    builder.write("in-json", json.dumps({"key": body}))
    builder.commit("Add keys")
    assert verdict(builder.path, b"base64:" + base64.b64encode(der)).counts == {"ref": 2}


def _as_git_says(path: Path) -> Callable[[str], str]:
    """What leads to an object."""

    def reached(*tips: str) -> set[str]:
        listed = git(path, "rev-list", "--objects", *tips)
        return {line.split()[0] for line in listed.decode(errors="replace").splitlines()}

    refs = git(path, "for-each-ref", "--format=%(refname)").decode(errors="replace").split("\n")
    by_refs = reached("HEAD", *(name for name in refs if name and name != "refs/stash"))
    stashed = reached("refs/stash") if "refs/stash" in refs else set()
    logged = reached("--reflog")
    staged = git(path, "ls-files", "-s").decode(errors="replace")

    def how(oid: str) -> str:
        for name, ids in (("ref", by_refs), ("stash", stashed), ("reflog", logged)):
            if oid in ids:
                return name
        return "index" if oid in staged else "none"

    return how


def test_every_place_of_every_story_is_told_as_git_says(any_story: Story) -> None:
    """All objects that hold the value, and what leads to each, are what plain git finds."""
    one = verdict(any_story.path, any_story.secret)
    how = _as_git_says(any_story.path)
    expected: dict[str, set[str]] = {}
    listed = git(any_story.path, "cat-file", "--batch-all-objects", "--batch-check").decode()
    for line in listed.splitlines():
        oid, kind, _ = line.split()
        if any_story.secret in git(any_story.path, "cat-file", kind, oid):
            expected.setdefault(how(oid), set()).add(oid)
    told: dict[str, set[str]] = {}
    for place in one.places:
        if place.oid:
            told.setdefault(place.how, set()).add(place.oid)
    assert told == expected
    if "file" not in one.counts:
        assert {name: len(ids) for name, ids in expected.items()} == one.counts
    assert not one.gone


@pytest.mark.parametrize("story", STORIES)
def test_no_report_holds_the_value(tmp_path: Path, story: str) -> None:
    """In no format and no form, though paths, refs and people are named after it."""
    told = STORIES[story](tmp_path / "repository")
    made = attested(told.path, told.secret)
    for text in (as_text(made), as_json(made), as_markdown(made), repr(made)):
        for form in forms_in_a_report(told.secret):
            assert form.decode() not in text


def _rewritten(path: Path) -> Path:
    """A leak, and the same history without it; the old one dangles."""
    builder = Builder(path)
    builder.write("README.md", "# Parcels\n")
    builder.write(PLACE, setting(token()))
    builder.commit("Start the project, with a leak")
    builder.write("README.md", "# Parcels and letters\n")
    builder.commit("Say more")
    builder.tag("v1", "Told with " + token().decode())
    builder.populate()
    git(path, "tag", "-d", "v1")
    git(path, "checkout", "-q", "--orphan", "clean")
    git(path, "rm", "-q", "--cached", PLACE)
    (path / PLACE).unlink()
    git(path, "commit", "-q", "-m", "Start the project")
    git(path, "branch", "-q", "-M", "main")
    return path


def test_a_rewrite_is_done_when_nothing_is_left(tmp_path: Path) -> None:
    """After the rewrite reflogs hold the old history, then nothing does, then it is gone."""
    path = _rewritten(tmp_path / "repository")
    one = verdict(path, token())
    assert one.counts == {"reflog": 1, "none": 1}
    assert {place.kind for place in one.places} == {"blob", "tag"}
    git(path, "reflog", "expire", "--expire=now", "--all")
    assert verdict(path, token()).counts == {"none": 2}
    git(path, "gc", "-q", "--prune=now")
    made = attested(path, token())
    assert outcome(made) == "gone"
    assert made.verdicts[0].gone
    assert not made.still_there


def test_another_work_tree_keeps_what_was_rewritten(tmp_path: Path) -> None:
    """Its HEAD stands where the branch no longer does, and gc keeps that."""
    path = _rewritten(tmp_path / "repository")
    old = git(path, "log", "--reflog", "-1", "--format=%H", "--", PLACE).decode().strip()
    layouts.add_worktree(path, tmp_path / "linked", old)
    git(path, "reflog", "expire", "--expire=now", "--all")
    git(path, "gc", "-q", "--prune=now")
    (place,) = verdict(path, token()).places
    assert (place.how, place.name, place.commit) == ("worktree", "linked", old)


def test_an_alternate_keeps_what_gc_cannot_remove(tmp_path: Path) -> None:
    """The object lies in the other repository alone."""
    other = _rewritten(tmp_path / "other")
    builder = Builder(tmp_path / "repository")
    builder.write("README.md", "# Parcels\n")
    builder.commit("Start the project")
    layouts.add_alternate(builder.path, other)
    one = verdict(builder.path, token())
    assert one.counts == {"alternate": 2}
    assert all(place.borrowed for place in one.places)


def test_git_files_are_searched_too(tmp_path: Path) -> None:
    """A remote's URL in the configuration, and a message that waits for its commit."""
    builder = Builder(tmp_path / "repository")
    builder.write("README.md", "# Parcels\n")
    builder.commit("Start the project")
    for name in ("config", "COMMIT_EDITMSG"):
        with (builder.git_dir / name).open("ab") as file:
            file.write(b"\n# " + token() + b"\n")
    one = verdict(builder.path, token())
    assert one.counts == {"file": 2}
    assert {place.name for place in one.places} == {"config", "COMMIT_EDITMSG"}


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_every_object_is_held_against_its_id(tmp_path: Path, object_format: str) -> None:
    """One whose content is another's is told, and the attestation is not complete."""
    builder = Builder(tmp_path / "repository", object_format=object_format)  # type: ignore[arg-type]
    blob = builder.write("README.md", "# Parcels\n")
    other = builder.write("other", "something else\n")
    builder.commit("Start the project")
    sound = attested(builder.path, token())
    assert sound.verified == sum(count for count, _ in sound.objects.values()) == 4
    assert outcome(sound) == "gone"
    objects = builder.git_dir / "objects"
    place = objects / blob[:2] / blob[2:]
    place.chmod(0o600)
    shutil.copyfile(objects / other[:2] / other[2:], place)
    forged = attested(builder.path, token())
    assert forged.verified == 3
    assert forged.skipped == {"its content does not fit its id": (1, (blob,))}
    assert outcome(forged) == "incomplete"


def test_what_an_interrupted_git_left_is_told(tmp_path: Path) -> None:
    """A pack half written is no object, and may hold anything."""
    path = _rewritten(tmp_path / "repository")
    git(path, "reflog", "expire", "--expire=now", "--all")
    git(path, "gc", "-q", "--prune=now")
    (path / ".git/objects/pack/tmp_pack_Ab12cd").write_bytes(b"PACK")
    made = attested(path, token())
    assert outcome(made) == "incomplete"
    assert any("tmp_pack_Ab12cd" in reason for reason in made.skipped)


@pytest.mark.usefixtures("many_tasks")
def test_a_worker_that_dies_leaves_the_rest_searched(
    acme_repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its task is told as not searched; another worker, which knows the values, does the rest."""
    layouts.repack(acme_repository)
    whole = attested(acme_repository, VALUE)
    monkeypatch.setattr(
        searching, "search_task", dying(searching.search_task, on_call=2, after=False)
    )
    made = attested(acme_repository, VALUE, jobs=2)
    assert any(f"died with -{signal.SIGKILL.value}" in reason for reason in made.skipped)
    assert 0 < made.verified < whole.verified
    assert outcome(made) == "incomplete"


def test_without_values_only_the_detectors_speak(in_a_stash: Story, tmp_path: Path) -> None:
    """What they find is counted, and the report says whose word it is."""
    made = attested(in_a_stash.path)
    assert made.still_there
    assert sum((made.detected or {}).values()) == 1
    assert "the detectors only" in as_text(made)
    builder = Builder(tmp_path / "clean")
    builder.commit("Start the project")
    assert outcome(attested(builder.path)) == "nothing found"


def test_a_value_that_may_be_chance_is_searched_and_marked(tmp_path: Path) -> None:
    """A word, a short or a monotonous one."""
    builder = Builder(tmp_path / "repository")
    builder.write("README.md", "summer\n")
    builder.commit("Start the project")
    made = attested(builder.path, b"summer", b"a" * 64, VALUE)
    assert [one.by_chance for one in made.verdicts] == [True, True, False]
    assert [one.gone for one in made.verdicts] == [False, True, True]
    assert "by chance" in as_text(made)


def test_what_a_partial_clone_left_out_is_told(tmp_path: Path) -> None:
    """Its blobs are not there, so nothing holds the value; the report says what is not there."""
    path = _rewritten(tmp_path / "repository")
    git(path, "branch", "old", git(path, "log", "--reflog", "-1", "--format=%H", "--", PLACE)
        .decode().strip())  # fmt: skip
    partial = layouts.partial_clone(path, tmp_path / "partial")
    made = attested(partial, token())
    assert not made.still_there
    assert any("partial clone" in what for what in made.uncovered)
    assert "partial clone" in as_text(made)


def test_the_digest_of_refs_is_what_git_gives(acme_repository: Path) -> None:
    """Anybody can compare it with a clone at hand."""
    listed = git(
        acme_repository, "for-each-ref", "--format=%(objectname) %(refname)", "--sort=refname"
    )
    made = attested(acme_repository, VALUE)
    assert made.refs_digest == hashlib.sha256(listed).hexdigest()
    assert len(made.refs) == listed.count(b"\n") > 3


def test_all_refs_that_lead_to_a_place_are_counted(tmp_path: Path) -> None:
    """Of branches and tags, the first is named."""
    builder = Builder(tmp_path / "repository")
    builder.write(PLACE, setting(token()))
    leak = builder.commit("Deploy from CI")
    builder.tag("v1")
    builder.branch("topic")
    builder.delete(PLACE)
    builder.commit("Delete the token")
    builder.orphan("unrelated")
    builder.commit("Start again")
    (place,) = verdict(builder.path, token()).places
    expected = git(builder.path, "for-each-ref", "--contains", leak, "--format=%(refname)")
    assert place.refs == len(expected.split()) == 3
    assert place.name == "refs/heads/main"
    assert place.commit == leak
    assert place.path == PLACE


def test_refs_that_name_an_object_themselves_are_counted(tmp_path: Path) -> None:
    """A blob, a tag's message, and a tree that leads to one; none where nothing names it."""
    builder = Builder(tmp_path / "repository")
    builder.write("README", "# Parcels\n")
    builder.commit("Start")
    tag = builder.tag("v1", f"Deploy with {token().decode()}")
    path = builder.populate()
    git(path, "update-ref", "refs/tags/same", tag)
    named, dangling, held = (
        git(path, "hash-object", "-w", "--stdin", given=b"%d %s\n" % (number, token()))
        .decode()
        .strip()
        for number in range(3)
    )
    tree = git(path, "mktree", given=f"100644 blob {held}\ta\n".encode()).decode().strip()
    for ref, oid in (("a", named), ("b", named), ("c", named), ("tree", tree)):
        git(path, "update-ref", f"refs/kept/{ref}", oid)
    places = {one.oid: one.refs for one in verdict(path, token()).places}
    assert places == {tag: 2, named: 3, dangling: 0, held: 1}
    assert {type(number) for number in places.values()} == {int}
