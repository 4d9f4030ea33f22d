"""Annotated tags, which can be of tags in turn."""

from __future__ import annotations

import re
from collections.abc import Iterable

from forensics.errors import GitFailed
from forensics.git.batch import ReadObject, kinds_of, read_objects
from forensics.git.runner import Git

__all__ = ["tagged_commits", "tags_on", "with_tagged_tags"]

_OF_TAG = re.compile(rb"object ([0-9a-f]{40}(?:[0-9a-f]{24})?)\ntype tag\n")
_DEEPEST = 50


def tags_on(git: Git, commits: Iterable[bytes]) -> list[bytes]:
    """Ids of the annotated tags that lead to any of these commits, and of the tags on the way.

    Raises:
        GitFailed: the tags cannot be listed.
    """
    wanted = set(commits)
    told = git.output(["for-each-ref", "--format=%(objecttype) %(objectname)", "refs/tags"])
    listed = (line.split(" ") for line in told.decode("ascii").splitlines())
    led_to = tagged_commits(git, (bytes.fromhex(oid) for kind, oid in listed if kind == "tag"))
    return with_tagged_tags(git, (tag for tag, commit in led_to.items() if commit in wanted))


def tagged_commits(git: Git, tags: Iterable[bytes]) -> dict[bytes, bytes]:
    """What tags, perhaps of other tags, lead to, by id; empty where that is no commit here."""
    asked = list(dict.fromkeys(tags))
    led_to = kinds_of(git, [f"{tag.hex()}^{{commit}}" for tag in asked]) if asked else []
    return {tag: commit for tag, (commit, _) in zip(asked, led_to, strict=True)}


def with_tagged_tags(git: Git, tags: Iterable[bytes]) -> list[bytes]:
    """Ids of these tags, and of those that they are tags of.

    Raises:
        GitFailed: there are too many on top of each other.
    """
    found: dict[bytes, None] = {}
    level = list(dict.fromkeys(tags))
    for _ in range(_DEEPEST):
        if not level:
            return list(found)
        found |= dict.fromkeys(level)
        contents = (one.content for one in read_objects(git, level) if isinstance(one, ReadObject))
        matches = (_OF_TAG.match(content) for content in contents)
        inner = (bytes.fromhex(one[1].decode("ascii")) for one in matches if one)
        level = [one for one in dict.fromkeys(inner) if one not in found]
    raise GitFailed(f"{level[0].hex()} is a tag of too many tags")
