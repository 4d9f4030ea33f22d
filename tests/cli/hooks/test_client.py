"""What a client refuses, before it is committed or pushed."""

from __future__ import annotations

import subprocess

from fixtures_repos.stories.story import setting, token
from tests.cli.command import environment, forensics
from tests.cli.hooks.pushes import in_a_merge, in_a_new_branch, in_a_tag_message
from tests.cli.hooks.work import ENV, TOKEN, Work, refused_ids


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


def test_what_cannot_be_read_refuses(work: Work) -> None:
    """With the reason, and a way past it."""
    work.write("ci.env", b"harmless\n")
    blob = work.ok("rev-parse", ":ci.env")
    (work.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    done = forensics("hook", "pre-commit", cwd=work.path)
    assert done.code == 3
    assert "it is missing" in done.err
    assert refused_ids(done) == "incomplete"
