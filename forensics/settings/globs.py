"""Globs over paths: `*` is any part of a name, `**` any folders, `?` one character."""

from __future__ import annotations

import re

__all__ = ["path_glob"]

_TOKEN = re.compile(r"(?:(?<=/)|^)\*\*/|\*\*|\*|\?|\{environment\}|\{set\}")
_WIDE = {"**/": "(?:[^/]++/)*?", "**": ".*?"}
"""What crosses folders."""
_NARROW = {
    "*": "[^/]*?",
    "{environment}": "(?P<environment>[^/]+?)",
    "{set}": "(?P<set>[^/]+?)",
}


def path_glob(glob: str, *, names: bool = False) -> re.Pattern[str]:
    """A pattern whose `fullmatch` takes the paths that a glob means. With `names`,
    `{environment}` and `{set}` are groups of it, each at most once.

    Each star, with what is fixed up to the next one, is a group that is not gone back into once it
    matched, since the first place that it fits leaves most to what follows. So no path takes longer
    than the square of its length, however many stars there are.
    """
    written: list[str] = []
    open_wide = open_narrow = False
    at = 0
    for match in _TOKEN.finditer(glob):
        found = match[0]
        if found.startswith("{") and not names:
            continue
        written.append(re.escape(glob[at : match.start()]))
        at = match.end()
        if found == "?":
            written.append("[^/]")
            continue
        if open_narrow:
            written.append(")")
        if found in _NARROW:
            open_narrow = True
            written.append(f"(?>{_NARROW[found]}")
            continue
        if open_wide:
            written.append(")")
        open_wide, open_narrow = True, False
        written.append(f"(?>{_WIDE[found]}")
    written += [re.escape(glob[at:]), r"\Z", ")" * (open_wide + open_narrow)]
    return re.compile("".join(written), re.DOTALL)
