"""Pushes that introduce a secret, each told in a repository; what to give to `git push`."""

from __future__ import annotations

from tests.cli.hooks.work import ENV, TOKEN, Work, refused_ids

__all__ = ["PUSHES", "in_a_file", "in_a_merge", "in_a_new_branch", "in_a_tag_message"]


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
    work.ok(
        "push",
        "-q",
        "--no-verify",
        "-o",
        "forensics.allow=" + refused_ids(work.git("push", "origin", "main")),
        "origin",
        "main",
    )
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


PUSHES = [
    in_a_file, added_and_deleted, in_a_merge, in_a_tag_message, in_a_commit_message,
    in_a_force_push, in_a_new_branch, by_a_revert, in_a_path_name, in_a_blob_that_a_tag_names,
]  # fmt: skip
