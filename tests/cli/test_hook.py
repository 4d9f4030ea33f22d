"""Hooks as git runs them: real repositories, a real server, real pushes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from fixtures_repos.stories.story import setting, token
from tests.cli.command import PROGRAM, ROOT, Done, environment, forensics

pytestmark = pytest.mark.usefixtures("key")

TOKEN = token().decode()
ENV = setting(token())


class Work(NamedTuple):
    """A folder in which git is run as a user would, hooks and all."""

    path: Path

    def git(self, *words: str, **more: str) -> Done:
        """Run git."""
        done = subprocess.run(
            ["git", *words], cwd=self.path, env=environment(**more), capture_output=True
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def ok(self, *words: str, **more: str) -> str:
        """Run git, which has to succeed; what it prints."""
        done = self.git(*words, **more)
        assert done.code == 0, done.err
        return done.out.strip()

    def write(self, name: str, content: bytes) -> None:
        """Write a file and add it to the index."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        self.ok("add", "-f", name)

    def commit(self, message: str = "Work", /, **files: bytes) -> None:
        """Commit some files, past any hook."""
        for name, content in files.items():
            self.write(name, content)
        self.ok("commit", "-q", "--no-verify", "--allow-empty", "-m", message)


@pytest.fixture(autouse=True)
def user(no_user: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Somebody with a name, and the command on the PATH."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    program = bin_folder / "forensics"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{PROGRAM}" "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin_folder}{os.pathsep}{os.environ['PATH']}")
    (no_user / ".gitconfig").write_text(
        "[user]\nname = Ada Example\nemail = ada@acme.example\n[init]\ndefaultBranch = main\n"
        '[protocol "file"]\nallow = always\n[advice]\ndetachedHead = false\n'
    )
    return no_user


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """A repository with one harmless commit."""
    made = Work(tmp_path / "work")
    made.path.mkdir()
    made.ok("init", "-q")
    made.commit("Start", **{"README.md": b"# Parcels\n"})
    return made


@pytest.fixture
def server(tmp_path: Path, work: Work) -> Work:
    """A bare repository with the hook, to which `work` has pushed."""
    made = Work(tmp_path / "server.git")
    made.path.mkdir()
    made.ok("init", "-q", "--bare")
    made.ok("config", "receive.advertisePushOptions", "true")
    assert forensics("hook", "install", cwd=made.path).code == 0
    work.ok("remote", "add", "origin", str(made.path))
    work.ok("push", "-q", "-u", "origin", "main")
    return made


def refused_ids(done: Done) -> str:
    """What a refusal says to allow."""
    (line,) = [line for line in done.err.splitlines() if "To allow it this once" in line]
    return next(
        word.partition("=")[2] for word in line.split() if "llow=" in word or "ALLOW=" in word
    )


def refs(work: Work) -> str:
    """All refs of a repository."""
    return work.ok("for-each-ref")


# What a server refuses


def in_a_file(work: Work) -> tuple[str, ...]:
    """In the only commit of a push."""
    work.commit(**{"ci.env": ENV})
    return ("origin", "main")


def added_and_deleted(work: Work) -> tuple[str, ...]:
    """The file is gone again before it is pushed."""
    work.commit(**{"ci.env": ENV})
    work.ok("rm", "-q", "ci.env")
    work.commit("Remove")
    return ("origin", "main")


def in_a_merge(work: Work) -> tuple[str, ...]:
    """Neither side has it."""
    work.ok("switch", "-q", "-c", "side")
    work.commit(**{"side.txt": b"side\n"})
    work.ok("switch", "-q", "main")
    work.commit(**{"main.txt": b"main\n"})
    work.ok("merge", "-q", "--no-commit", "--no-ff", "side")
    work.commit("Merge", **{"ci.env": ENV})
    return ("origin", "main")


def in_a_tag_message(work: Work) -> tuple[str, ...]:
    """No commit is new."""
    work.ok("tag", "-a", "v1", "-m", f"Deployed with {TOKEN}")
    return ("origin", "v1")


def in_a_commit_message(work: Work) -> tuple[str, ...]:
    """The commit changes nothing."""
    work.commit(f"Use {TOKEN}")
    return ("origin", "main")


def in_a_force_push(work: Work) -> tuple[str, ...]:
    """What was there is replaced."""
    work.ok("commit", "-q", "--no-verify", "--amend", "-m", "Start again")
    work.commit(**{"ci.env": ENV})
    return ("--force", "origin", "main")


def in_a_new_branch(work: Work) -> tuple[str, ...]:
    """Under two names at once, beside a branch that is deleted."""
    work.ok("push", "-q", "origin", "main:old")
    work.ok("switch", "-q", "-c", "feature")
    work.commit(**{"ci.env": ENV})
    return ("origin", "feature", "feature:again", ":old")


def by_a_revert(work: Work) -> tuple[str, ...]:
    """The server has the blob; it is at its branch that it comes back."""
    work.commit(**{"ci.env": ENV})
    work.ok("rm", "-q", "ci.env")
    work.commit("Remove")
    work.ok("push", "-q", "--no-verify", "-o", "forensics.allow=" + _ids(work), "origin", "main")
    work.ok("revert", "--no-edit", "HEAD")
    return ("origin", "main")


def in_a_path_name(work: Work) -> tuple[str, ...]:
    """The file is empty."""
    work.commit(**{f"keys/{TOKEN}.txt": b""})
    return ("origin", "main")


def in_a_blob_that_a_tag_names(work: Work) -> tuple[str, ...]:
    """No commit has it."""
    (work.path / "x").write_bytes(ENV)
    work.ok("tag", "key", work.ok("hash-object", "-w", "x"))
    return ("origin", "key")


def _ids(work: Work) -> str:
    return refused_ids(work.git("push", "origin", "main"))


PUSHES = [
    in_a_file, added_and_deleted, in_a_merge, in_a_tag_message, in_a_commit_message,
    in_a_force_push, in_a_new_branch, by_a_revert, in_a_path_name, in_a_blob_that_a_tag_names,
]  # fmt: skip


@pytest.mark.parametrize("story", PUSHES, ids=lambda story: story.__name__)
def test_a_server_refuses_a_push_that_introduces_a_secret(
    story: Callable[[Work], tuple[str, ...]], work: Work, server: Work
) -> None:
    """The client sees why; nothing changes, nothing is kept; allowed, the same push passes."""
    words = story(work)
    before = refs(server)
    done = work.git("push", *words)
    assert done.code != 0
    for said in ("git-forensics refuses this push", "rule github.pat-classic", "ghp_…",
                 "What to do", "pre-receive hook declined"):  # fmt: skip
        assert said in done.err
    assert TOKEN not in done.err
    assert refs(server) == before
    assert not (server.path / "forensics").exists()
    assert not [*server.path.glob("objects/tmp_objdir-*"), *server.path.glob("objects/incoming-*")]
    done = work.git("push", "-o", f"forensics.allow={refused_ids(done)}", *words)
    assert done.code == 0, done.err
    assert "allowed this once" in done.err
    assert refs(server) != before


def test_what_the_server_has_is_not_refused_again(work: Work, server: Work) -> None:
    """Commits on top, new branches and tags there, deletions, branches set back."""
    words = in_a_file(work)
    work.ok("push", "-o", f"forensics.allow={_ids(work)}", *words)
    work.commit(**{"more.txt": b"more\n"})
    for push in (
        ["origin", "main"], ["origin", "main:other"], ["origin", "HEAD~1:refs/tags/v0"],
        ["origin", ":other"], ["--force", "origin", "HEAD~2:main"], ["origin", "main"],
    ):  # fmt: skip
        work.ok("push", "-q", *push)


def test_a_branch_that_was_dropped_and_comes_back_is_judged_again(work: Work, server: Work) -> None:
    """Its objects may still be there."""
    work.ok("switch", "-q", "-c", "feature")
    work.commit(**{"ci.env": ENV})
    done = work.git("push", "origin", "feature")
    work.ok("push", "-q", "-o", f"forensics.allow={refused_ids(done)}", "origin", "feature")
    work.ok("push", "-q", "origin", ":feature")
    assert work.git("push", "-q", "origin", "feature").code != 0


def test_what_only_a_tag_of_a_tag_led_to_is_not_refused_again(work: Work, server: Work) -> None:
    """A branch may come later."""
    work.commit(**{"ci.env": ENV})
    work.ok("tag", "-a", "-m", "Inner", "inner")
    work.ok("tag", "-a", "-m", "Outer", "outer", "inner")
    done = work.git("push", "origin", "outer")
    work.ok("push", "-q", "-o", f"forensics.allow={refused_ids(done)}", "origin", "outer")
    work.ok("push", "-q", "origin", "main")


def test_no_name_of_a_branch_stops_pushes(work: Work, server: Work) -> None:
    """Nor does one with what elsewhere ends a line."""
    work.ok("push", "-q", "origin", "main:a\u2028b", "main:a\x85b")
    work.commit(**{"more.txt": b"more\n"})
    work.ok("push", "-q", "origin", "main")


def test_the_name_of_a_new_ref_counts(work: Work, server: Work) -> None:
    """Of a branch or a tag, on a commit that the server has; not that of one that is deleted."""
    assert forensics("hook", "install", "pre-push", cwd=work.path).code == 0
    for name in (f"refs/heads/fix/{TOKEN}", f"refs/tags/{TOKEN}"):
        early = work.git("push", "origin", f"HEAD:{name}")
        late = work.git("push", "--no-verify", "origin", f"HEAD:{name}")
        for done in (early, late):
            assert done.code == 1
            said = done.err.partition("To /")[0].partition("error:")[0]
            assert "  the name of a ref" in said
            assert TOKEN not in said
        allowed = f"forensics.allow={refused_ids(late)}"
        work.ok("push", "-q", "--no-verify", "-o", allowed, "origin", f"HEAD:{name}")
        work.commit(**{"more.txt": name.encode()[:9]})
        work.ok("push", "-q", "origin", f"HEAD:{name}", "--force")
        work.ok("push", "-q", "origin", f":{name}")


def test_a_push_from_a_shallow_clone_says_what_to_do(work: Work, server: Work) -> None:
    """The server has nothing to compare with."""
    work.commit(**{"more.txt": b"more\n"})
    work.ok("clone", "-q", "--depth=1", f"file://{work.path}", "../shallow")
    server.ok("config", "receive.shallowUpdate", "true")
    server.ok("update-ref", "-d", "refs/heads/main")
    server.ok("prune")
    shallow = Work(work.path.parent / "shallow")
    done = shallow.git("push", str(server.path), "HEAD:other")
    assert done.code == 1
    assert "git fetch --unshallow" in done.err


def test_a_server_can_let_nothing_be_allowed(work: Work, server: Work) -> None:
    """The refusal then says nothing of how."""
    hook = server.path / "hooks/pre-receive"
    hook.write_text(hook.read_text().replace("hook pre-receive", "hook pre-receive --no-allow"))
    ids = "0" * 32
    done = work.git("push", "-o", f"forensics.allow={ids}", *in_a_file(work))
    assert done.code != 0
    assert "allow it this once" not in done.err


def test_allowing_another_finding_allows_nothing(work: Work, server: Work) -> None:
    """Nor do too few digits."""
    words = in_a_file(work)
    ids = _ids(work)
    for wrong in ("0" * 8, ids[:3], ""):
        assert work.git("push", "-o", f"forensics.allow={wrong}", *words).code != 0


def test_a_pushed_mark_allows_for_good(work: Work, server: Work) -> None:
    """It stands on the line."""
    work.commit(**{"ci.env": b"TOKEN=%s # forensics:allow\n" % token()})
    work.ok("push", "-q", "origin", "main")


def test_after_a_push_what_came_can_be_told(work: Work, server: Work) -> None:
    """post-receive judges what pre-receive would have, though the refs are set."""
    for hook in ("pre-receive",):
        (server.path / "hooks" / hook).unlink()
    assert forensics("hook", "install", "post-receive", cwd=server.path).code == 0
    done = work.git("push", *in_a_file(work))
    assert done.code == 0
    assert "github.pat-classic" in done.err


def test_another_name_of_a_branch_hides_nothing_of_what_came(work: Work, server: Work) -> None:
    """It is set with it, before post-receive runs."""
    (server.path / "hooks/pre-receive").unlink()
    server.ok("symbolic-ref", "refs/heads/trunk", "refs/heads/main")
    assert forensics("hook", "install", "post-receive", cwd=server.path).code == 0
    done = work.git("push", *in_a_file(work))
    assert (done.code, "github.pat-classic" in done.err) == (0, True)


# What a client refuses


def test_a_commit_that_introduces_a_secret_is_refused(work: Work) -> None:
    """File, line, rule, redacted value, what to do, and how to allow it once."""
    assert forensics("hook", "install", cwd=work.path).code == 0
    work.write("deploy/ci.env", ENV)
    done = work.git("commit", "-q", "-m", "Leak")
    assert done.code == 1
    for said in ("deploy/ci.env:2", "github.pat-classic", "ghp_…", "What to do", "Delete it under",
                 "forensics:allow"):  # fmt: skip
        assert said in done.err
    assert TOKEN not in done.err
    work.ok("commit", "-q", "-m", "Leak", FORENSICS_ALLOW=refused_ids(done))
    work.write("deploy/ci.env", ENV + b"MORE=1\n")
    work.ok("commit", "-q", "-m", "Nothing new")
    assert not (work.path / ".git/forensics").exists()


def test_a_refusal_counts_secrets_and_lists_places(work: Work) -> None:
    """Only so many; the command that allows them names them all."""
    for number in range(30):
        work.write(f"{number}.env", ENV)
    work.write("other.env", setting(token(2)))
    done = forensics("hook", "pre-commit", cwd=work.path)
    assert "introduces 2 secrets at 31 places" in done.err
    assert "and 11 more" in done.err
    assert len(refused_ids(done).split(",")) == 31
    work.write("other.env", b"")
    for number in range(1, 30):
        work.write(f"{number}.env", b"")
    assert "introduces 1 secret\n" in forensics("hook", "pre-commit", cwd=work.path).err


def test_a_message_names_its_tag(work: Work, server: Work) -> None:
    """Also where a tag of that tag is pushed."""
    in_a_tag_message(work)
    work.ok("tag", "-a", "outer", "-m", "Outer", "v1")
    done = work.git("push", "origin", "outer")
    assert f"the message of tag {work.ok('rev-parse', 'v1')[:12]}" in done.err


def test_what_is_committed_counts_however_it_is_chosen(work: Work) -> None:
    """`git commit -a`, a part of what is staged, from a subfolder, in a linked work tree."""
    assert forensics("hook", "install", cwd=work.path).code == 0
    work.commit(**{"a.txt": b"a\n", "sub/b.txt": b"b\n"})
    (work.path / "a.txt").write_bytes(ENV)
    assert work.git("commit", "-q", "-am", "All").code == 1
    (work.path / "sub/b.txt").write_bytes(b"harmless\n")
    work.ok("add", "a.txt")
    assert work.git("commit", "-q", "-m", "Staged").code == 1
    work.ok("commit", "-q", "-m", "Only the harmless one", "sub/b.txt")
    assert Work(work.path / "sub").git("commit", "-q", "-m", "Part", "../a.txt").code == 1
    work.ok("worktree", "add", "-q", "../linked")
    linked = Work(work.path.parent / "linked")
    linked.write("c.env", ENV)
    assert linked.git("commit", "-q", "-m", "Linked").code == 1


def test_a_push_is_refused_before_it_leaves(work: Work, server: Work) -> None:
    """Only what the remote does not have."""
    assert forensics("hook", "install", "pre-push", cwd=work.path).code == 0
    (server.path / "hooks/pre-receive").unlink()
    for story in (in_a_new_branch, in_a_merge, in_a_tag_message):
        work.ok("switch", "-q", "main")
        words = story(work)
        done = work.git("push", *words)
        assert done.code != 0
        assert "git-forensics refuses this push" in done.err
        work.ok("push", "-q", *words, FORENSICS_ALLOW=refused_ids(done))
    work.commit(**{"more.txt": b"more\n"})
    work.ok("push", "-q", "origin", "HEAD", ":feature")


def test_what_is_pushed_may_be_named_in_several_words(work: Work, server: Work) -> None:
    """Git passes them on."""
    assert forensics("hook", "install", "pre-push", cwd=work.path).code == 0
    work.commit("Fix the parcels", **{"more.txt": b"more\n"})
    work.ok("push", "-q", "origin", "HEAD^{/Fix the}:main")


def test_the_pre_commit_framework_says_in_variables_what_is_pushed(work: Work) -> None:
    """It reads standard input itself."""
    work.commit(**{"ci.env": ENV})
    work.commit(**{"more.txt": b"more\n"})
    for since, code in (("HEAD~2", 1), ("HEAD~1", 0)):
        done = subprocess.run(
            ["forensics", "hook", "pre-push"], cwd=work.path, stdin=subprocess.DEVNULL,
            env=environment(PRE_COMMIT_FROM_REF=since, PRE_COMMIT_TO_REF="HEAD"),
        )  # fmt: skip
        assert done.returncode == code


# Installing


def test_the_pre_commit_framework_finds_commands_that_there_are() -> None:
    """Each entry runs, and takes no names of files."""
    hooks = {
        one["id"]: one for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    }
    assert {*hooks} == {"forensics", "forensics-push"}
    for one in hooks.values():
        words = one["entry"].split()
        assert forensics(*words[1:], "--help").code == 0
        assert (one["pass_filenames"], one["always_run"]) == (False, True)


def test_a_hook_that_is_there_is_kept_and_run_first(work: Work, server: Work) -> None:
    """With the same input and arguments; it can refuse; uninstalling puts it back."""
    for name in ("pre-commit", "pre-push"):
        hook = work.path / ".git/hooks" / name
        hook.write_text(f'#!/bin/sh\necho "$@" > ../{name}.ran\ncat >> ../{name}.ran\n')
        hook.chmod(0o755)
    kept = (work.path / ".git/hooks/pre-push").read_text()
    for _ in range(2):
        assert forensics("hook", "install", cwd=work.path).code == 0
    work.write("x.txt", b"x\n")
    work.ok("commit", "-q", "-m", "X")
    work.ok("push", "-q", "origin", "main")
    told = (work.path.parent / "pre-push.ran").read_text()
    assert told.startswith(f"origin {server.path}\nrefs/heads/main ")
    assert (work.path.parent / "pre-commit.ran").exists()
    (work.path / ".git/hooks/pre-commit.before-forensics").write_text("#!/bin/sh\nexit 7\n")
    work.write("x.txt", b"y\n")
    assert work.git("commit", "-q", "-m", "Y").code != 0
    assert forensics("hook", "install", "--uninstall", cwd=work.path).code == 0
    assert (work.path / ".git/hooks/pre-push").read_text() == kept
    assert not [*(work.path / ".git/hooks").glob("*forensics*")]


def test_hooks_go_where_core_hookspath_says(work: Work) -> None:
    """Relative to the top of the work tree."""
    work.ok("config", "core.hooksPath", ".hooks")
    assert forensics("hook", "install", cwd=work.path).code == 0
    assert (work.path / ".hooks/pre-commit").exists()
    work.write("ci.env", ENV)
    assert work.git("commit", "-q", "-m", "Leak").code == 1


def test_the_folder_that_husky_writes_is_left_alone(work: Work) -> None:
    """Its hooks go by their own names, and it would write over ours."""
    work.write(".husky/_/h", b"")
    work.ok("config", "core.hooksPath", ".husky/_")
    done = forensics("hook", "install", cwd=work.path)
    assert (done.code, ".husky/pre-commit" in done.error()) == (2, True)
    assert not (work.path / ".husky/_/pre-commit").exists()


def test_hooks_of_all_repositories_run_those_of_each(work: Work, user: Path) -> None:
    """Also hooks that are not ours; and all is as it was once they are taken out."""
    before = (user / ".gitconfig").read_text()
    for name in ("pre-commit", "commit-msg"):
        hook = work.path / ".git/hooks" / name
        hook.write_text(f"#!/bin/sh\necho ran > ../{name}.ran\n")
        hook.chmod(0o755)
    assert forensics("hook", "install", "--global", cwd=work.path).code == 0
    work.write("x.txt", b"x\n")
    work.ok("commit", "-q", "-m", "X")
    assert (work.path.parent / "pre-commit.ran").exists()
    assert (work.path.parent / "commit-msg.ran").exists()
    work.write("ci.env", ENV)
    assert work.git("commit", "-q", "-m", "Leak").code == 1
    done = forensics("hook", "install", cwd=work.path)
    assert (done.code, "--global" in done.error()) == (2, True)
    assert forensics("hook", "install", "--global", "--uninstall", cwd=work.path).code == 0
    assert "hooksPath" not in (user / ".gitconfig").read_text()
    assert before.split() == (user / ".gitconfig").read_text().replace("[core]", "").split()
    work.ok("commit", "-q", "-m", "Leak")


def test_a_hook_whose_program_is_gone_refuses(work: Work, tmp_path: Path) -> None:
    """And says what to do."""
    assert forensics("hook", "install", cwd=work.path).code == 0
    (tmp_path / "bin/forensics").unlink()
    work.write("x.txt", b"x\n")
    done = work.git("commit", "-q", "-m", "X", PATH="/usr/bin:/bin")
    assert done.code == 1
    assert "not installed any more" in done.err


@pytest.mark.parametrize("text", [b"hello\n", b"a b c\n", b"\xff\n", b"0 0 refs/heads/x\n"])
def test_what_git_does_not_say_is_an_error(work: Work, text: bytes) -> None:
    """One line, and 2."""
    done = forensics("hook", "pre-receive", given=text, cwd=work.path)
    assert (done.code, "not what git tells" in done.error()) == (2, True)


def test_what_cannot_be_read_refuses(work: Work) -> None:
    """With the reason, and a way past it."""
    work.write("ci.env", b"harmless\n")
    blob = work.ok("rev-parse", ":ci.env")
    (work.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    done = forensics("hook", "pre-commit", cwd=work.path)
    assert done.code == 3
    assert "it is missing" in done.err
    assert refused_ids(done) == "incomplete"
