"""The gate: which findings make a command fail."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures_repos.git import git
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import PLACE, begin, setting, token
from tests.cli.command import PROGRAM, Done, environment, forensics

pytestmark = pytest.mark.usefixtures("key")

PASS_ALL = "[gate]\ndefault = 'pass'\n"
PASS_DEPLOY = "[[gate.rules]]\npaths = ['deploy/**']\naction = 'pass'\nreason = 'made up'\n"


@pytest.fixture
def leaked(tmp_path: Path) -> Path:
    """The second of four commits leaks below `deploy`, the third in `app`."""
    builder, _ = begin(tmp_path / "leaked")
    builder.write(PLACE, setting(token()))
    builder.commit("Leak")
    builder.write("app/x.env", setting(token(2)))
    builder.commit("Leak more")
    builder.write("more", "text\n")
    builder.commit("More")
    return builder.populate()


def policy(folder: Path, said: str) -> Path:
    """A file of the user's."""
    file = folder / "policy.toml"
    file.write_text(said)
    return file


def gated(done: Done) -> str:
    """The line that says how many fail."""
    (line,) = [line for line in (done.out + done.err).splitlines() if line.startswith("gate ")]
    return line.removeprefix("gate").strip().partition(" (")[0]


EVERYWHERE = [
    ("scan",), ("scan", "--range", "HEAD"), ("scan", "--since", "HEAD~3"), ("scan", "--dir"),
    ("findings",),
]  # fmt: skip


@pytest.mark.parametrize("words", EVERYWHERE, ids=" ".join)
def test_what_passes_does_not_fail_a_command(
    leaked: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """It is listed all the same, and the summary says what decided."""
    forensics("scan", leaked)
    for said, code, figures in (
        (PASS_ALL, 0, "0 of 2 findings fail"),
        (PASS_DEPLOY, 1, "1 of 2 findings fails"),
        ("[gate]\n", 1, "2 of 2 findings fail"),
        (PASS_ALL + PASS_DEPLOY, 0, "0 of 2 findings fail"),
    ):
        done = forensics(*words, leaked, "--policy", policy(tmp_path, said))
        assert (done.code, gated(done)) == (code, figures)
        assert PLACE in done.out
        assert "app/x.env" in done.out
    assert "1 passes by entry 1: made up" in done.out


def test_what_is_at_work_and_staged_is_gated(leaked: Path, tmp_path: Path) -> None:
    """And what comes on standard input, which has no path of a repository."""
    (leaked / "deploy/new.env").write_bytes(setting(token(3)))
    git(leaked, "add", "deploy/new.env")
    file = policy(tmp_path, PASS_DEPLOY)
    for words in (("--staged",), ("--worktree",)):
        assert forensics("scan", leaked, *words).code == 1
        assert forensics("scan", leaked, *words, "--policy", file).code == 0
    done = forensics("scan", "--stdin", "--policy", file, given=setting(token()))
    assert (done.code, gated(done)) == (1, "1 of 1 finding fails")


@pytest.mark.parametrize(
    ("condition", "failing"),
    [
        ("rules = ['github.pat-classic']", 2),
        ("rules = ['gitleaks:github-pat']", 2),
        ("rules = ['github-pat']", 2),
        ("rules = ['github.*']", 2),
        ("rules = ['slack.*']", 0),
        ("severity = 'critical'", 2),
        ("severity = 'low'", 2),
        ("confidence = 0.5", 2),
        ("confidence = 1", 0),
        ("paths = ['**/*.env']", 2),
        ("paths = ['*.env']", 0),
        ("paths = ['Deploy/**']", 0),
        ("paths = ['deploy/**']\nrules = ['github.*']", 1),
        ("paths = ['deploy/**']\nrules = ['slack.*']", 0),
        ("status = ['exposed']", 2),
        ("status = ['deleted-not-rotated', 'revoked']", 0),
        ("new-since = 'HEAD~3'", 2),
        ("new-since = 'HEAD~2'", 1),
        ("new-since = 'refs/heads/main'", 0),
        ("unrotated-days = 10", 2),
        ("unrotated-days = 100000", 0),
    ],
)
@pytest.mark.parametrize("words", [(), ("--range", "HEAD")], ids=["all", "range"])
def test_all_conditions_of_an_entry_must_hold(
    leaked: Path, tmp_path: Path, condition: str, failing: int, words: tuple[str, ...]
) -> None:
    """Else the next one is asked, and in the end the default."""
    said = f"{PASS_ALL}[[gate.rules]]\n{condition}\naction = 'fail'\n"
    done = forensics("scan", leaked, *words, "--policy", policy(tmp_path, said), "-f", "jsonl")
    assert [line["gate"] for line in done.lines].count("fail") == failing
    assert done.code == bool(failing)


def test_the_first_entry_that_fits_decides(leaked: Path, tmp_path: Path) -> None:
    """Whatever later ones say."""
    fail = "[[gate.rules]]\nseverity = 'low'\naction = 'fail'\n"
    assert forensics("scan", leaked, "--policy", policy(tmp_path, PASS_DEPLOY + fail)).code == 1
    done = forensics("scan", leaked, "--policy", policy(tmp_path, fail + PASS_DEPLOY))
    assert gated(done) == "2 of 2 findings fail"


def test_a_status_counts_as_rotation_has_it(leaked_then_deleted: Story, tmp_path: Path) -> None:
    """Deleting is no rotation."""
    for status, code in (("deleted-not-rotated", 0), ("replaced-everywhere", 1)):
        said = f"[[gate.rules]]\nstatus = ['{status}']\naction = 'pass'\n"
        file = policy(tmp_path, said)
        assert forensics("scan", leaked_then_deleted.path, "--policy", file).code == code
        assert forensics("findings", leaked_then_deleted.path, "--policy", file).code == code


def test_what_came_back_since_a_ref_is_new(leaked: Path, tmp_path: Path) -> None:
    """Though it was introduced before, too; but no entry lets it pass as new."""
    git(leaked, "branch", "base")
    git(leaked, "rm", "-q", PLACE)
    git(leaked, "commit", "-q", "-m", "Remove")
    git(leaked, "revert", "--no-edit", "HEAD")
    for action, default in (("fail", "pass"), ("pass", "fail")):
        said = f"[gate]\ndefault='{default}'\n[[gate.rules]]\nnew-since='base'\naction='{action}'\n"
        done = forensics("scan", leaked, "--policy", policy(tmp_path, said), "-f", "jsonl")
        told = {line["path"]: line["gate"] for line in done.lines}
        assert told[PLACE] == "fail"
        assert told["app/x.env"] == default


def test_a_tag_whose_name_is_that_of_a_branch_chooses_nothing(leaked: Path, tmp_path: Path) -> None:
    """Git would take the tag, which whoever may push tags can set on the newest commit."""
    git(leaked, "update-ref", "refs/remotes/origin/main", "HEAD~3")
    said = f"{PASS_ALL}[[gate.rules]]\nnew-since = 'origin/main'\naction = 'fail'\n"
    file = policy(tmp_path, said)
    assert forensics("scan", leaked, "--policy", file).code == 1
    git(leaked, "tag", "origin/main", "HEAD")
    done = forensics("scan", leaked, "--policy", file)
    assert done.code == 2
    assert "refs/remotes/origin/main" in done.error()
    full = policy(tmp_path, said.replace("origin/main", "refs/remotes/origin/main"))
    assert forensics("scan", leaked, "--policy", full).code == 1
    git(leaked, "update-ref", "refs/tags/refs/remotes/origin/main", "HEAD")
    assert forensics("scan", leaked, "--policy", full).code == 1
    git(leaked, "update-ref", "-d", "refs/remotes/origin/main")
    assert forensics("scan", leaked, "--policy", full).code == 2


def test_what_is_ignored_or_triaged_is_not_asked_about(leaked: Path, tmp_path: Path) -> None:
    """A policy makes nothing count."""
    (line, _) = sorted(
        forensics("scan", leaked, "-f", "jsonl").lines, key=lambda one: str(one["path"])
    )
    words = ("--state", "false-positive", "--reason", "an example")
    assert forensics("triage", line["secret"][:12], *words, cwd=leaked).code == 0
    done = forensics("findings", leaked, "--policy", policy(tmp_path, "[gate]\n"), "-f", "jsonl")
    assert gated(done) == "1 of 1 finding fails"
    assert {one["path"]: one.get("gate") for one in done.lines} == {
        "app/x.env": None,
        PLACE: "fail",
    }


def test_reports_say_what_passes(leaked: Path, tmp_path: Path) -> None:
    """Each in the way that its readers know; without a policy there is no word of it."""
    names = ("sarif", "junit", "csv", "github", "markdown", "defectdojo", "json", "gitlab")
    for file, extra in ((None, "plain"), (policy(tmp_path, PASS_DEPLOY), "gated")):
        said = ("--policy", file) if file else ()
        asked = [
            word for name in names for word in ("--report", f"{name}={tmp_path / extra}.{name}")
        ]
        assert forensics("scan", leaked, *said, *asked, "--deterministic").code == 1
    plain = {name: (tmp_path / f"plain.{name}").read_text() for name in names}
    told = {name: (tmp_path / f"gated.{name}").read_text() for name in names}
    assert not [name for name, text in plain.items() if '"gate"' in text or "gate-" in text]
    assert "gate" not in plain["csv"].splitlines()[0]
    results = json.loads(told["sarif"])["runs"][0]["results"]
    assert {(one["properties"]["gate"], one["level"]) for one in results} == {
        ("pass", "note"),
        ("fail", "error"),
    }
    assert 'failures="1"' in told["junit"]
    assert 'skipped="1"' in told["junit"]
    rows = csv.DictReader(io.StringIO(told["csv"]))
    assert {row["path"]: row["gate"] for row in rows} == {PLACE: "pass", "app/x.env": "fail"}
    assert told["github"].count("::notice") == told["github"].count("::error") == 1
    assert "1 of 2 fail by the policy" in told["markdown"]
    assert "gate-pass" in told["defectdojo"]
    assert told["gitlab"] == plain["gitlab"]


def test_an_index_of_several_repositories_is_gated(
    leaked: Path, leaked_then_deleted: Story, tmp_path: Path
) -> None:
    """New since a ref is asked in each; where one is gone, nobody can tell."""
    index = tmp_path / "index.db"
    for path in (leaked, leaked_then_deleted.path):
        forensics("scan", path, "--index", index)
    said = f"{PASS_ALL}[[gate.rules]]\nnew-since = 'HEAD'\naction = 'fail'\n"
    words = ("findings", "--index", index, "--policy", policy(tmp_path, said))
    done = forensics(*words, "--report", f"sarif={tmp_path / 'out.sarif'}")
    assert (done.code, gated(done)) == (0, "0 of 3 findings fail")
    assert len(json.loads((tmp_path / "out.sarif").read_text())["runs"][0]["results"]) == 3
    leaked.rename(tmp_path / "elsewhere")
    done = forensics(*words)
    assert (done.code, "not there any more" in done.error()) == (2, True)


# Where it is looked for


def test_the_named_file_wins_then_the_variable_then_the_users_own(
    leaked: Path, tmp_path: Path, no_user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The repository's comes last, and only if it is trusted."""
    own = no_user / "config/git-forensics/forensics.toml"
    others = [tmp_path / "variable.toml", tmp_path / "named.toml"]
    for file in (leaked / "forensics.toml", own, *others):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(PASS_ALL)
    used = []
    for step in range(5):
        words = ["--policy", others[1]] if step == 0 else []
        with monkeypatch.context() as within:
            if step < 2:
                within.setenv("FORENSICS_CONFIG", str(others[0]))
            if step == 3:
                own.unlink()
            if step != 4:
                words.append("--trust-repo-config")
            done = forensics("scan", leaked, *words, "-f", "jsonl")
            told = [line for line in done.err.splitlines() if line.startswith("gate ")]
            used.append(told[0].partition("(")[2].rstrip(")") if told else "")
            assert done.code == (1 if step == 4 else 0)
            assert ("is not used" in done.err) is (step == 4)
    assert used == [str(one) for one in (others[1], others[0], own, leaked / "forensics.toml")] + [
        ""
    ]


def test_a_bare_repository_is_trusted_as_of_its_head(leaked: Path, tmp_path: Path) -> None:
    """With its lists of what to ignore."""
    (leaked / "forensics.toml").write_text(PASS_DEPLOY)
    commit = git(leaked, "rev-parse", "HEAD~1").decode().strip()
    (leaked / ".gitleaksignore").write_text(f"{commit}:app/x.env:github-pat:2\n")
    git(leaked, "add", ".")
    git(leaked, "commit", "-q", "-m", "Configure")
    git(tmp_path, "clone", "-q", "--bare", str(leaked), "bare")
    assert forensics("scan", tmp_path / "bare").code == 1
    done = forensics("scan", tmp_path / "bare", "--trust-repo-config", "--range", "HEAD")
    assert (done.code, gated(done)) == (0, "0 of 1 finding fails")


def test_lists_of_the_repository_count_only_if_trusted(leaked: Path, tmp_path: Path) -> None:
    """What the user names wins."""
    allow = "[extend]\nuseDefault = true\n[allowlist]\npaths = ['''{}''']\n"
    (leaked / ".gitleaks.toml").write_text(allow.format(".env$"))
    assert forensics("scan", leaked).code == 1
    assert forensics("scan", leaked, "--trust-repo-config").code == 0
    other = tmp_path / "other.toml"
    other.write_text(allow.format("none"))
    assert forensics("scan", leaked, "--trust-repo-config", "--config", other).code == 1


@pytest.mark.parametrize("name", ["forensics.toml", ".gitleaks.toml", ".gitleaksignore"])
def test_a_trusted_file_is_a_file(leaked: Path, tmp_path: Path, name: str) -> None:
    """No link, no folder, no pipe, nothing large: that is 2, and nothing is read through it."""
    file, other = leaked / name, tmp_path / "other"
    other.write_text(PASS_ALL)
    for make in (
        lambda: file.symlink_to(other), file.mkdir, lambda: os.mkfifo(file),
        lambda: file.write_bytes(b"#" * (2 << 20)),
    ):  # fmt: skip
        make()
        done = forensics("scan", leaked, "--trust-repo-config")
        assert (done.code, name in done.error()) == (2, True)
        file.rmdir() if file.is_dir() and not file.is_symlink() else file.unlink()


def test_a_link_at_head_is_refused(leaked: Path, tmp_path: Path) -> None:
    """Of a bare repository, too."""
    (leaked / "forensics.toml").symlink_to("/etc/passwd")
    git(leaked, "add", ".")
    git(leaked, "commit", "-q", "-m", "Link")
    git(tmp_path, "clone", "-q", "--bare", str(leaked), "bare")
    done = forensics("scan", tmp_path / "bare", "--trust-repo-config")
    assert (done.code, "no regular file" in done.error()) == (2, True)


def test_a_trusted_configuration_reads_no_other_file(leaked: Path) -> None:
    """It could name any file of the machine."""
    for path in ("/dev/zero", "../x", "x.toml"):
        (leaked / ".gitleaks.toml").write_text(f"[extend]\npath = '{path}'\n")
        done = forensics("scan", leaked, "--trust-repo-config")
        assert (done.code, "extends another file" in done.error()) == (2, True)


def test_trust_is_about_one_repository(leaked: Path, tmp_path: Path) -> None:
    """Not about two, nor about standard input."""
    for words in ((leaked, leaked), ("--stdin",)):
        assert forensics("scan", *words, "--trust-repo-config").code == 2


# Failing closed

WRONG = {
    "is not there": lambda file: None,
    "is a folder": lambda file: file.mkdir(),
    "is a pipe": os.mkfifo,
    "is too large": lambda file: file.write_bytes(b"# \n" * (1 << 20)),
    "is no UTF-8": lambda file: file.write_bytes(b"[gate]\n# \xff\n"),
    "is nested deeply": lambda file: file.write_bytes(b"a = " + b"[" * 100_000),
    "is no TOML": lambda file: file.write_text("gate"),
    "has a key that nobody knows": lambda file: file.write_text("[gate]\nfail = true\n"),
    "names no rule": lambda file: file.write_text(
        "[[gate.rules]]\nrules = ['no.such']\naction = 'fail'\n"
    ),
    "names a glob of no rule": lambda file: file.write_text(
        "[[gate.rules]]\nrules = ['no.*']\naction = 'fail'\n"
    ),
}
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


# Hooks


def hook(path: Path, name: str, *words: object, given: bytes = b"", **more: str) -> Done:
    """A hook as git starts it."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "hook", name, *map(str, words)],
        cwd=path, env=environment(**more), input=given, capture_output=True,
    )  # fmt: skip
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_commit_that_passes_is_not_refused(leaked: Path, tmp_path: Path) -> None:
    """What fails is shown, and how much passes."""
    file = policy(tmp_path, PASS_DEPLOY)
    (leaked / "deploy/new.env").write_bytes(setting(token(3)))
    git(leaked, "add", ".")
    assert hook(leaked, "pre-commit").code == 1
    done = hook(leaked, "pre-commit", "--policy", file, GIT_DIR=".git")
    assert (done.code, f"1 finding passes by {file}" in done.err) == (0, True)
    (leaked / "app/new.env").write_bytes(setting(token(4)))
    git(leaked, "add", ".")
    done = hook(leaked, "pre-commit", "--policy", file, GIT_DIR=".git")
    assert done.code == 1
    assert "app/new.env" in done.err
    assert "deploy/new.env" not in done.err
    (leaked / "forensics.toml").write_text(PASS_ALL)
    done = hook(leaked, "pre-commit", GIT_DIR=".git")
    assert (done.code, "is not used" in done.err) == (1, True)
    assert hook(leaked, "pre-commit", "--trust-repo-config", GIT_DIR=".git").code == 0


def pushed(path: Path) -> bytes:
    """What git tells a server of a new branch."""
    tip = git(path, "rev-parse", "HEAD").decode().strip()
    return f"{'0' * 40} {tip} refs/heads/new\n".encode()


def test_a_push_is_refused_whatever_it_brings_to_weaken_the_gate(
    leaked: Path, tmp_path: Path
) -> None:
    """Nobody who pushes says what may be pushed."""
    (leaked / "forensics.toml").write_text(PASS_ALL)
    git(leaked, "add", ".")
    git(leaked, "commit", "-q", "-m", "Let all pass")
    git(tmp_path, "clone", "-q", "--bare", str(leaked), "server")
    server = tmp_path / "server"
    given = pushed(leaked)
    git(server, "update-ref", "-d", "refs/heads/main")
    more = {"GIT_DIR": "."}
    done = hook(server, "pre-receive", given=given, **more)
    assert (done.code, "forensics.toml" in done.err) == (1, False)
    for name in ("pre-receive", "post-receive"):
        done = hook(server, name, "--trust-repo-config", given=given, **more)
        assert (done.code, "whoever pushes" in done.err) == (2, True)
    named = hook(server, "pre-receive", "--policy", policy(tmp_path, PASS_ALL), given=given, **more)
    assert named.code == 0


@pytest.mark.parametrize("what", WRONG)
def test_a_push_is_refused_where_the_policy_is_wrong(
    leaked: Path, tmp_path: Path, what: str
) -> None:
    """Though it brings nothing."""
    file = tmp_path / "policy.toml"
    WRONG[what](file)
    done = hook(leaked, "pre-receive", "--policy", file, given=b"", GIT_DIR=".git")
    assert done.code == 2


def test_a_push_is_refused_that_cannot_be_judged(leaked: Path, tmp_path: Path) -> None:
    """Whatever passes: a blob is missing, a pack is damaged, the ref to compare with is gone."""
    git(tmp_path, "clone", "-q", "--bare", str(leaked), "server")
    server, given = tmp_path / "server", pushed(leaked)
    git(server, "update-ref", "-d", "refs/heads/main")
    said = f"{PASS_ALL}[[gate.rules]]\nnew-since = 'main'\naction = 'fail'\n"
    words = ("pre-receive", "--policy")
    done = hook(server, *words, policy(tmp_path, said), given=given, GIT_DIR=".")
    assert (done.code, "new-since" in done.err) == (2, True)
    oid = git(leaked, "rev-parse", f"HEAD:{PLACE}").decode().strip()
    loose = server / "objects" / oid[:2] / oid[2:]
    if loose.exists():
        loose.unlink()
    else:
        (pack,) = (server / "objects/pack").glob("*.pack")
        pack.chmod(0o600)
        data = bytearray(pack.read_bytes())
        data[len(data) // 2] ^= 0xFF
        pack.write_bytes(data)
    done = hook(server, *words, policy(tmp_path, PASS_ALL), given=given, GIT_DIR=".")
    assert done.code in (2, 3)


def test_a_path_made_to_take_for_ever_does_not(tmp_path: Path) -> None:
    """A glob with many stars, and a name that nearly fits it everywhere."""
    builder, _ = begin(tmp_path / "long")
    builder.write("a/" * 120 + "a" * 200, setting(token()))
    builder.commit("Leak")
    said = "[[gate.rules]]\npaths = ['" + "*a**a" * 12 + "b']\naction = 'pass'\n"
    assert forensics("scan", builder.path, "--policy", policy(tmp_path, said)).code == 1


# Baselines


@pytest.mark.parametrize("shape", ["jsonl", "json", "gitleaks", "sarif"])
def test_what_a_baseline_lists_passes_and_what_is_new_fails(
    leaked: Path, tmp_path: Path, shape: str
) -> None:
    """In whatever format an earlier scan wrote it; the file is looked for beside the policy."""
    forensics("scan", leaked, "--report", f"{shape}={tmp_path / 'known.out'}")
    file = policy(tmp_path, "[[gate.rules]]\nbaseline = 'known.out'\naction = 'pass'\n")
    for words in ((), ("--range", "HEAD")):
        assert forensics("scan", leaked, *words, "--policy", file).code == 0
    (leaked / "deploy/new.env").write_bytes(setting(token(3)))
    git(leaked, "add", ".")
    git(leaked, "commit", "-q", "-m", "Leak again")
    for words in ((), ("--range", "HEAD~1..HEAD")):
        done = forensics("scan", leaked, *words, "--policy", file, "-f", "jsonl")
        failing = {line["path"] for line in done.lines if line["gate"] == "fail"}
        assert (done.code, failing) == (1, {"deploy/new.env"})


def test_a_baseline_that_is_wrong_is_2(leaked: Path, tmp_path: Path) -> None:
    """Missing, a folder, no report, one of detect-secrets: also where nothing is found."""
    said = "[gate]\ndefault = 'pass'\n[[gate.rules]]\nbaseline = 'known'\naction = 'fail'\n"
    file, known = policy(tmp_path, said), tmp_path / "known"
    for make in (
        lambda: None, lambda: known.write_text("no report"), lambda: known.write_text('{"a": 1}'),
        lambda: known.write_text('{"results": {}}'), lambda: (known.unlink(), known.mkdir()),
    ):  # fmt: skip
        make()
        done = forensics("scan", leaked, "--staged", "--policy", file)
        assert (done.code, "known" in done.error()) == (2, True)


def test_a_trusted_policy_names_baselines_of_its_repository(leaked: Path, tmp_path: Path) -> None:
    """At the top, and no link: no other file of the machine is read."""
    forensics("scan", leaked, "--report", f"gitleaks={leaked / 'known.json'}")
    said = "[[gate.rules]]\nbaseline = '{}'\naction = 'pass'\n"
    (leaked / "forensics.toml").write_text(said.format("known.json"))
    assert forensics("scan", leaked, "--trust-repo-config").code == 0
    (leaked / "known.json").rename(tmp_path / "known.json")
    (leaked / "known.json").symlink_to(tmp_path / "known.json")
    for name in ("known.json", "../known.json", str(tmp_path / "known.json"), "sub/known.json"):
        (leaked / "forensics.toml").write_text(said.format(name))
        done = forensics("scan", leaked, "--trust-repo-config")
        assert (done.code, "known.json" in done.error()) == (2, True)


def test_rules_that_a_scan_leaves_out_are_known_all_the_same(leaked: Path, tmp_path: Path) -> None:
    """A policy is for many scans: those without plugins, or of one rule, too."""
    said = "[[gate.rules]]\nrules = ['detect-secrets.cloudant', 'slack.*']\naction = 'pass'\n"
    file = policy(tmp_path, said)
    for words in (("--disable-plugin", "all"), ("--enable-rule", "github.pat-classic")):
        assert forensics("scan", leaked, "--range", "HEAD", *words, "--policy", file).code == 1
