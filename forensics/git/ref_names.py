"""What a name in a revision could mean: one ref, or several of which git would take the first.

Source: https://git-scm.com/docs/gitrevisions
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.errors import UsageProblem
from forensics.git.runner import Git

__all__ = ["refs_called", "refuse_several", "stem_of"]

_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SECONDS = 60.0
_MEANT = ("refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD")
_HEADS = frozenset(("HEAD", "FETCH_HEAD", "ORIG_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD"))
_REST = re.compile(r"(?:[~^:]|@\{|@$).*", re.DOTALL)
_SHORT_ID = re.compile(r"[0-9a-f]{4,64}")


def stem_of(word: str) -> str:
    """The name that a revision starts with."""
    return _REST.sub("", word)


def refs_called(git: Git, name: str) -> list[str]:
    """All refs that a name could mean; one that is there in full, and no other. None of what names
    one thing only: HEAD and its like, ids in full.

    Git takes a tag before a branch, and both before a remote's branch, so whoever may push tags
    could choose what is compared.
    """
    if not name or name in _HEADS or _ID.fullmatch(name):
        return []
    asked = [name, *(one.format(name) for one in _MEANT)]
    told = git.output(["for-each-ref", "--format=%(refname)", "--", *asked], timeout=_SECONDS)
    found = [one for one in told.decode("utf-8", "replace").splitlines() if one in asked]
    return [name] if name in found else found


def refuse_several(git: Git, word: str) -> None:
    """Refuse a word of a range in which a name has several meanings.

    Raises:
        UsageProblem: it says which.
    """
    for name in _names(word):
        meant = refs_called(git, name)
        if meant and _SHORT_ID.fullmatch(name):
            told = git.output(["rev-parse", f"--disambiguate={name}"], timeout=_SECONDS)
            meant += told.decode("ascii").split()
        if len(meant) > 1:
            raise UsageProblem(f"{name!r} means {', '.join(meant)}", "write the one in full")


def _names(word: str) -> Iterator[str]:
    """All that could be the name of a ref in it; dots stand in no name twice."""
    for part in re.split(r"\.\.\.?", word):
        yield stem_of(part.removeprefix("^"))
