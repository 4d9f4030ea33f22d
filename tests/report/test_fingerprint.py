"""Fingerprints without a key: the same on every machine, and of every history that tells alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures_repos.builder import BEN, START, Builder
from fixtures_repos.git import git
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import PLACE, setting, token
from forensics.key import Key, save_key
from tests.cli.caching import warm_cache
from tests.cli.command import forensics

__all__ = ["warm_cache"]

LEAKED = token(1)
_Told = dict[str, set[tuple[str, int]]]


@pytest.fixture(autouse=True)
def _key(no_user: Path) -> None:
    save_key(Key(bytes(range(32)), "the tests"))


def fingerprints(path: Path) -> _Told:
    """By preview, fingerprint and line of each finding that a scan reports."""
    done = forensics("scan", path, "-f", "sarif")
    found: _Told = {}
    for one in json.loads(done.out)["runs"][0]["results"]:
        line = one["locations"][0]["physicalLocation"]["region"]["startLine"]
        name = one["partialFingerprints"]["forensicsLine/v1"]
        found.setdefault(one["properties"]["preview"], set()).add((name, line))
    return found


def names(path: Path) -> dict[str, set[str]]:
    """The same without lines."""
    return {secret: {name for name, _ in told} for secret, told in fingerprints(path).items()}


def built(path: Path, tell: Callable[[Builder], None]) -> Path:
    builder = Builder(path)
    builder.write("README.md", "# Parcels\n")
    builder.commit("Start")
    tell(builder)
    return builder.populate()


def leak(builder: Builder, value: bytes = LEAKED) -> None:
    builder.write(PLACE, setting(value))
    builder.commit("Leak", author=BEN)


def test_they_survive_line_moves(tmp_path: Path) -> None:
    """Lines come above it and the file around it is indented anew."""
    path = built(tmp_path / "a", leak)
    before = fingerprints(path)
    text = b"# one\n# two\n" + setting(token(1)).replace(b"GITHUB", b"  GITHUB")
    (path / PLACE).write_bytes(text)
    git(path, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qam", "Move")
    after = fingerprints(path)
    ((secret, moved),) = after.items()
    assert {line for _, line in before[secret]} == {2}
    assert {line for _, line in moved} == {4}
    assert {name for name, _ in before[secret]} == {name for name, _ in moved}


def test_they_survive_a_rebase(tmp_path: Path) -> None:
    """Every commit has another id and another date afterwards."""

    def branched(builder: Builder) -> None:
        builder.branch("topic")
        leak(builder)
        builder.write("b.env", setting(token(2), b"A") + setting(token(3), b"A"))
        builder.commit("Leak more", author=BEN)
        builder.checkout("main")
        builder.write("main.txt", "work\n")
        builder.commit("Work on main")
        builder.checkout("topic")

    path = built(tmp_path / "a", branched)
    before = names(path)
    git(path, "-c", "user.name=x", "-c", "user.email=x@x", "rebase", "-q", "main")
    assert names(path) == before
    assert len(before) == 3
    fresh = tmp_path / "fresh"
    git(tmp_path, "clone", "-q", "--no-local", str(path), str(fresh))
    assert names(fresh) == before


def test_they_do_not_depend_on_key_or_folder(acme_repository: Path, tmp_path: Path) -> None:
    """Another runner, another user, another clone."""
    before = fingerprints(acme_repository)
    save_key(Key(bytes(range(1, 33)), "the tests"), replace=True)
    other = acme_repository.rename(tmp_path / "elsewhere")
    forensics("scan", other, "--index", tmp_path / "i.db")
    done = forensics("findings", "--index", tmp_path / "i.db", "-f", "sarif")
    after = {
        one["partialFingerprints"]["forensicsLine/v1"]
        for one in json.loads(done.out)["runs"][0]["results"]
        if "forensicsLine/v1" in one["partialFingerprints"]
    }
    assert after == {name for told in before.values() for name, _ in told}


@pytest.mark.parametrize("packed", [False, True])
def test_they_are_the_same_in_sha_256(tmp_path: Path, packed: bool) -> None:
    """What names objects is not in them, nor how they are packed."""
    before = names(built(tmp_path / "a", leak))
    builder = Builder(tmp_path / "b", object_format="sha256")
    leak(builder)
    if packed:
        git(builder.path, "repack", "-adq")
    assert names(builder.path) == before


def test_a_secret_that_follows_another_has_its_own(replaced: Story) -> None:
    """On the same line of the same file; and the older one keeps the name it had before."""
    path = replaced.path
    everything = fingerprints(path)
    assert len({name for told in everything.values() for name, _ in told}) == 2
    older = path.parent / "older"
    git(path.parent, "clone", "-q", "--no-local", str(path), str(older))
    git(older, "reset", "-q", "--hard", replaced.commits["leak"])
    git(older, "update-ref", "-d", "refs/remotes/origin/main")
    git(older, "symbolic-ref", "-d", "refs/remotes/origin/HEAD")
    git(older, "reflog", "expire", "--expire=all", "--all")
    git(older, "gc", "-q", "--prune=now")
    ((secret, told),) = fingerprints(older).items()
    assert everything[secret] == told


@pytest.mark.parametrize("committed", [(0, 0), (9, 8), (8, 9)])
def test_when_they_were_committed_does_not_matter(
    tmp_path: Path, committed: tuple[int, int]
) -> None:
    """Who rebases makes new dates, several at once; those of the authors stay."""

    def tell(builder: Builder, dates: tuple[int, int] = (0, 0)) -> None:
        for number in range(2):
            builder.write(PLACE, setting(token(number + 1)))
            at = START + 86_400 * number
            later = at if dates == (0, 0) else START + 864_000 + dates[number]
            builder.commit("Leak", authored=at, committed=later)

    before = names(built(tmp_path / "a", tell))
    assert names(built(tmp_path / "b", lambda builder: tell(builder, committed))) == before


def test_nothing_of_the_secret_is_in_one(tmp_path: Path) -> None:
    """So no guess can be tested: another value gives the same."""
    one = built(tmp_path / "a", leak)
    other = built(tmp_path / "b", lambda builder: leak(builder, token(2)))
    (found,), (found_too,) = names(one).values(), names(other).values()
    assert found == found_too
    assert names(one).keys() != names(other).keys()


def test_other_secrets_on_the_line_are_masked_too(tmp_path: Path) -> None:
    """Rotating one of two does not rename the other."""
    path = built(tmp_path / "a", lambda builder: pair(builder, token(1), token(2)))
    other = built(tmp_path / "b", lambda builder: pair(builder, token(1), token(3)))
    kept = f"ghp_…{token(1)[-4:].decode()}"
    assert names(path)[kept] == names(other)[kept]


def pair(builder: Builder, first: bytes, second: bytes) -> None:
    builder.write(PLACE, b"TOKENS=%s,%s\n" % (first, second))
    builder.commit("Leak")
