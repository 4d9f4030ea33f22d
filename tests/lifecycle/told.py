"""Histories in which a value is replaced, returns, or stands on some refs only.

Each is a function of a builder that stands on main with one commit; it gives commits by name.
"""

from __future__ import annotations

from collections.abc import Callable

from detectors.template import expand
from fixtures_repos.builder import BEN, CLEO, Builder

__all__ = ["ENV", "NEW", "OLD", "TOLD", "env"]

OLD, NEW = expand("{alnum:24}", 32), expand("{alnum:24}", 33)
ENV = ".env"

Commits = dict[str, str]


def env(value: bytes, more: bytes = b"") -> bytes:
    return b"A=1\nDB_PASSWORD=%s\n%s" % (value, more)


def _two(one: bytes, other: bytes) -> bytes:
    return b"A_PASSWORD=%s\nB_PASSWORD=%s\n" % (one, other)


def _line(builder: Builder, **versions: bytes) -> Commits:
    """One commit for each version of the file."""
    commits = {}
    for name, content in versions.items():
        builder.write(ENV, content)
        commits[name] = builder.commit(name, author=BEN)
    return commits


def _side(builder: Builder, name: str, path: str, content: bytes) -> str:
    """A commit on a new branch; HEAD is back on main then."""
    builder.branch(name)
    builder.write(path, content)
    commit = builder.commit(f"On {name}", author=CLEO)
    builder.checkout("main")
    return commit


def rolled_back_by_hand(builder: Builder) -> Commits:
    return _line(builder, leak=env(OLD), replace=env(NEW), back=env(OLD, b"B=2\n"))


def rolled_back_after_a_value_no_rule_finds(builder: Builder) -> Commits:
    return _line(builder, leak=env(OLD), replace=env(b"abc"), back=env(OLD))


def rolled_back_and_forward(builder: Builder) -> Commits:
    return _line(builder, leak=env(OLD), replace=env(NEW), back=env(OLD), again=env(NEW))


def back_in_another_slot(builder: Builder) -> Commits:
    old = b"DB_PASSWORD_OLD=%s\n" % OLD
    return _line(builder, leak=env(OLD), replace=env(NEW), back=env(NEW, old))


def one_slot_rolled_back(builder: Builder) -> Commits:
    return _line(builder, leak=_two(OLD, OLD), replace=_two(NEW, OLD), back=_two(OLD, OLD))


def slot_after_slot(builder: Builder) -> Commits:
    return _line(builder, leak=_two(OLD, OLD), one=_two(NEW, OLD), two=_two(NEW, NEW))


def externalised_then_literal_again(builder: Builder) -> Commits:
    return _line(builder, leak=env(OLD), out=env(b"${DB_PASSWORD}"), back=env(OLD))


def moved_then_replaced(builder: Builder) -> Commits:
    commits = _line(builder, leak=env(OLD))
    builder.rename(ENV, "b/.env")
    commits["move"] = builder.commit("Move it")
    builder.write("b/.env", env(NEW))
    commits["replace"] = builder.commit("Rotate")
    return commits


def moved_replaced_and_back_at_its_first_path(builder: Builder) -> Commits:
    commits = moved_then_replaced(builder)
    builder.delete("b/.env")
    builder.write(ENV, env(OLD))
    commits["back"] = builder.commit("Go back")
    return commits


def replaced_and_still_in_another_file(builder: Builder) -> Commits:
    builder.write("c.yaml", b"db:\n  password: %s\n" % OLD)
    return _line(builder, leak=env(OLD), replace=env(NEW))


def replaced_in_one_environment_and_copied_to_another(builder: Builder) -> Commits:
    for place in ("dev/.env", "prod/.env"):
        builder.write(place, env(OLD))
    commits = {"leak": builder.commit("Two environments", author=BEN)}
    builder.write("prod/.env", env(NEW))
    commits["replace"] = builder.commit("Rotate production")
    builder.write("test/.env", env(OLD))
    commits["copy"] = builder.commit("A third one")
    return commits


def replaced_on_main_alone(builder: Builder) -> Commits:
    commits = _line(builder, leak=env(OLD))
    builder.branch("release/1.x")
    builder.checkout("main")
    return commits | _line(builder, replace=env(NEW))


def picked_to_a_release_branch_and_replaced_on_main(builder: Builder) -> Commits:
    builder.branch("release/1.x")
    builder.checkout("main")
    commits = _line(builder, leak=env(OLD))
    builder.checkout("release/1.x")
    commits["pick"] = builder.cherry_pick(commits["leak"], committer=CLEO)
    builder.checkout("main")
    return commits | _line(builder, replace=env(NEW))


def replaced_under_another_root(builder: Builder) -> Commits:
    commits = _line(builder, leak=env(OLD))
    builder.orphan("other")
    found = _line(builder, root=env(OLD), replace=env(NEW))
    builder.checkout("main")
    return commits | found


def replaced_on_a_branch_and_merged(builder: Builder) -> Commits:
    commits = _line(builder, leak=env(OLD))
    commits["replace"] = _side(builder, "fix", ENV, env(NEW))
    builder.write("z", "z\n")
    commits["main"] = builder.commit("Work on main")
    commits["merge"] = builder.merge("fix")
    return commits


def replaced_on_main_and_an_old_branch_merged(builder: Builder) -> Commits:
    commits = _line(builder, leak=env(OLD))
    commits["side"] = _side(builder, "side", "y", b"y\n")
    commits |= _line(builder, replace=env(NEW))
    commits["merge"] = builder.merge("side")
    builder.drop_branch("side")
    return commits


def replaced_in_a_stash_only(builder: Builder) -> Commits:
    commits = _line(builder, leak=env(OLD))
    commits["stash"] = builder.stash({ENV: env(NEW)})
    return commits


def replaced_in_amended_work_only(builder: Builder) -> Commits:
    commits = _line(builder, leak=env(OLD), replace=env(NEW))
    builder.reset(commits["leak"])
    builder.delete(ENV)
    commits["delete"] = builder.commit("Remove it")
    return commits


def rebased_away(builder: Builder) -> Commits:
    builder.branch("work")
    commits = _line(builder, leak=env(OLD))
    builder.write("y", "y\n")
    commits["more"] = builder.commit("More")
    builder.checkout("main")
    builder.write("z", "z\n")
    commits["main"] = builder.commit("Work on main")
    builder.checkout("work")
    builder.reset(commits["main"])
    builder.write("y", "y\n")
    commits["more again"] = builder.commit("More")
    builder.checkout("main")
    return commits


def in_four_releases(builder: Builder) -> Commits:
    commits = _line(builder, leak=env(OLD))
    for number in range(4):
        builder.write("README.md", f"{number}\n")
        builder.commit(f"Release {number}")
        builder.tag(f"v1.{number}", "Told" if number % 2 else None)
    builder.tag("nightly")
    builder.delete(ENV)
    commits["delete"] = builder.commit("Remove it")
    builder.tag("v1.4")
    return commits


def left_dangling(builder: Builder) -> Commits:
    builder.branch("gone")
    commits = _line(builder, leak=env(OLD), replace=env(NEW))
    builder.checkout("main")
    builder.drop_branch("gone")
    builder.forget_reflogs()
    return commits


def on_a_pull_request_only(builder: Builder) -> Commits:
    builder.branch("gone")
    commits = _line(builder, leak=env(OLD))
    builder.checkout("main")
    builder.drop_branch("gone")
    builder.refs.write("refs/pull/7/head", commits["leak"])
    return commits


def replaced_here_and_deleted_there(builder: Builder) -> Commits:
    builder.write("c.yaml", b"db:\n  password: %s\n" % OLD)
    commits = _line(builder, leak=env(OLD), replace=env(NEW))
    builder.delete("c.yaml")
    commits["delete"] = builder.commit("Remove it")
    return commits


def other_environment_rotates_as_one_goes(builder: Builder) -> Commits:
    builder.write("prod/.env", env(expand("{alnum:24}", 34)))
    builder.write("dev/.env", env(OLD))
    commits = {"leak": builder.commit("Configure both", author=BEN)}
    builder.delete("dev/.env")
    builder.write("prod/.env", env(NEW))
    commits["both"] = builder.commit("Drop dev, rotate prod")
    return commits


def dates_that_run_backwards(builder: Builder) -> Commits:
    commits = _line(builder, leak=env(OLD))
    builder.write(ENV, env(NEW))
    past = builder.now - 5 * 365 * 86400
    commits["replace"] = builder.commit("Rotate", authored=past, committed=past)
    return commits


TOLD: dict[str, Callable[[Builder], Commits]] = {
    story.__name__: story
    for story in (
        rolled_back_by_hand,
        rolled_back_after_a_value_no_rule_finds,
        rolled_back_and_forward,
        back_in_another_slot,
        one_slot_rolled_back,
        slot_after_slot,
        externalised_then_literal_again,
        moved_then_replaced,
        moved_replaced_and_back_at_its_first_path,
        replaced_and_still_in_another_file,
        replaced_in_one_environment_and_copied_to_another,
        replaced_on_main_alone,
        picked_to_a_release_branch_and_replaced_on_main,
        replaced_under_another_root,
        replaced_on_a_branch_and_merged,
        replaced_on_main_and_an_old_branch_merged,
        replaced_in_a_stash_only,
        replaced_in_amended_work_only,
        rebased_away,
        in_four_releases,
        left_dangling,
        on_a_pull_request_only,
        replaced_here_and_deleted_there,
        other_environment_rotates_as_one_goes,
        dates_that_run_backwards,
    )
}
"""All of them by name."""
