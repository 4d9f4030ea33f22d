"""The gate: what is wrong or incomplete is never 0."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.git import git
from fixtures_repos.stories.story import PLACE
from tests.cli.command import forensics
from tests.cli.gate.scene import PASS_ALL, WRONG, policy

pytestmark = pytest.mark.usefixtures("key")
COMMANDS = [
    ("scan",), ("scan", "--range", "HEAD"), ("scan", "--staged"), ("scan", "--worktree"),
    ("scan", "--dir"), ("findings",), ("config", "check"),
]  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("how", ["--policy", "variable", "own"])
def test_a_policy_that_is_wrong_is_2(
    leaked: Path, tmp_path: Path, no_user: Path, what: str, how: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Whoever named it; also where nothing is found."""
    if (how, what) == ("own", "is not there"):
        what = "is a folder"
    forensics("scan", leaked)
    file = tmp_path / "policy.toml"
    if how == "own":
        file = no_user / "config/git-forensics/forensics.toml"
    WRONG[what](file)
    if how == "variable":
        monkeypatch.setenv("FORENSICS_CONFIG", str(file))
    for words in COMMANDS:
        done = forensics(*words, leaked, *(["--policy", file] if how == "--policy" else []))
        assert done.code == 2, words
        assert done.err.count("\n") == 1
        assert "policy.toml" in done.err or "forensics.toml" in done.err


@pytest.mark.parametrize(
    "name",
    [
        "nothing",
        ":/Leak",
        "HEAD^{/Leak}",
        "refs/tags/no",
        "--all",
        "HEAD~99",
        "a b",
        "abc1234",
        "\\n",
        "main^9",
    ],
)
@pytest.mark.parametrize(
    "words", [("scan",), ("scan", "--range", "HEAD"), ("scan", "--staged"), ("findings",),
              ("config", "check")], ids=" ".join,
)  # fmt: skip
def test_a_ref_that_is_not_there_is_2(
    leaked: Path, tmp_path: Path, name: str, words: tuple[str, ...]
) -> None:
    """Also where nothing is found."""
    forensics("scan", leaked)
    said = f'[gate]\ndefault="pass"\n[[gate.rules]]\nnew-since="{name}"\naction="fail"\n'
    done = forensics(*words, leaked, "--policy", policy(tmp_path, said))
    assert (done.code, "new-since" in done.err) == (2, True)


def damaged(path: Path, tmp_path: Path) -> Path:
    """A pack with a broken object."""
    git(path, "repack", "-adq")
    (pack,) = (path / ".git/objects/pack").glob("*.pack")
    pack.chmod(0o600)
    data = bytearray(pack.read_bytes())
    data[len(data) // 2] ^= 0xFF
    pack.write_bytes(data)
    return path


def lacking(path: Path, tmp_path: Path) -> Path:
    """A blob is missing."""
    oid = git(path, "rev-parse", f"HEAD:{PLACE}").decode().strip()
    (path / ".git/objects" / oid[:2] / oid[2:]).unlink()
    return path


def partial_clone(path: Path, tmp_path: Path) -> Path:
    """Its blobs are elsewhere."""
    git(path, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--bare", "--filter=blob:none", f"file://{path}", "partial")
    return tmp_path / "partial"


@pytest.mark.parametrize("make", [damaged, lacking, partial_clone], ids=lambda one: one.__name__)
@pytest.mark.parametrize("words", [(), ("--range", "HEAD"), ("--since", "2001-01-01")])
def test_what_is_incomplete_is_never_0(
    leaked: Path, tmp_path: Path, make: object, words: tuple[str, ...]
) -> None:
    """Whatever the policy says, and whatever the format."""
    assert callable(make)
    path = make(leaked, tmp_path)
    file = policy(tmp_path, PASS_ALL)
    for shape in ("table", "jsonl", "json", "sarif"):
        assert forensics("scan", path, *words, "--policy", file, "-f", shape).code in (2, 3)


def test_a_shallow_clone_is_not_judged_as_a_whole(leaked: Path, tmp_path: Path) -> None:
    """A range that reaches its boundary is 3; one beyond is 2; so is a ref that is not there."""
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{leaked}", "shallow")
    path, file = tmp_path / "shallow", policy(tmp_path, PASS_ALL)
    assert forensics("scan", path, "--range", "HEAD", "--policy", file).code == 3
    assert forensics("scan", path, "--range", "HEAD~1..HEAD", "--policy", file).code == 0
    assert forensics("scan", path, "--range", "HEAD~3..HEAD", "--policy", file).code == 2
    said = f"{PASS_ALL}[[gate.rules]]\nnew-since = 'HEAD~3'\naction = 'fail'\n"
    done = forensics("scan", path, "--policy", policy(tmp_path, said))
    assert (done.code, "shallow" in done.error()) == (2, True)
