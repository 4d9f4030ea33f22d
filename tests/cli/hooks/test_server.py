"""What a server refuses: real pushes over a real pre-receive hook."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fixtures_repos.stories.story import token
from tests.cli.command import forensics
from tests.cli.hooks.pushes import PUSHES, in_a_file, in_a_tag_message
from tests.cli.hooks.work import ENV, TOKEN, Work, refs, refused_ids


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
    work.ok(
        "push", "-o", f"forensics.allow={refused_ids(work.git('push', 'origin', 'main'))}", *words
    )
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
    ids = refused_ids(work.git("push", "origin", "main"))
    for wrong in ("0" * 8, ids[:3], ""):
        assert work.git("push", "-o", f"forensics.allow={wrong}", *words).code != 0


def test_a_pushed_mark_allows_for_good(work: Work, server: Work) -> None:
    """It stands on the line."""
    work.commit(**{"ci.env": b"TOKEN=%s # forensics:allow\n" % token()})
    work.ok("push", "-q", "origin", "main")


def test_a_server_can_let_no_mark_count(work: Work, server: Work) -> None:
    """Whoever pushes could else allow anything by writing it beside it."""
    hook = server.path / "hooks/pre-receive"
    hook.write_text(
        hook.read_text().replace("hook pre-receive", "hook pre-receive --ignore-gitleaks-allow")
    )
    work.commit(**{"ci.env": b"TOKEN=%s # gitleaks:allow\n" % token()})
    assert work.git("push", "-q", "origin", "main").code != 0


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


@pytest.mark.parametrize("text", [b"hello\n", b"a b c\n", b"\xff\n", b"0 0 refs/heads/x\n"])
def test_what_git_does_not_say_is_an_error(work: Work, text: bytes) -> None:
    """One line, and 2."""
    done = forensics("hook", "pre-receive", given=text, cwd=work.path)
    assert (done.code, "not what git tells" in done.error()) == (2, True)


@pytest.mark.parametrize("hook", ["pre-receive", "post-receive"])
def test_nothing_on_standard_input_is_an_error(work: Work, hook: str) -> None:
    """Git always tells these hooks something; a script before this one may have read it."""
    for text in (b"", b"\n"):
        done = forensics("hook", hook, given=text, cwd=work.path)
        assert (done.code, "standard input is empty" in done.error()) == (2, True)


def test_a_message_names_its_tag(work: Work, server: Work) -> None:
    """Also where a tag of that tag is pushed."""
    in_a_tag_message(work)
    work.ok("tag", "-a", "outer", "-m", "Outer", "v1")
    done = work.git("push", "origin", "outer")
    assert f"the message of tag {work.ok('rev-parse', 'v1')[:12]}" in done.err
