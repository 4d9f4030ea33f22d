"""Commits chosen by words as people write them for `git log`, of which a fixed table is passed on.

Source: "Commit Limiting" in https://git-scm.com/docs/git-log
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import NamedTuple

from forensics.errors import UsageProblem
from forensics.git.repository import Repository
from forensics.git.resolve import unknown_commit
from forensics.git.revisions import Revisions, commit_ids, moment
from forensics.git.runner import Git

__all__ = ["LogWords", "commits_of_log", "parse_log_words"]

_SEVERAL = ("--all", "--branches", "--tags", "--remotes")
"""They name commits themselves; all but the first may have a pattern."""
_PLAIN = frozenset((
    *_SEVERAL, "--not", "--first-parent", "--no-merges", "--merges", "--all-match",
    "--invert-grep", "--regexp-ignore-case", "--extended-regexp", "--fixed-strings",
    "--basic-regexp", "--simplify-merges", "--dense", "--sparse", "--full-history", "--topo-order",
    "--date-order", "--author-date-order",
))  # fmt: skip
_SHORT = {"-i": "--regexp-ignore-case", "-E": "--extended-regexp", "-F": "--fixed-strings"}
_WITH_VALUE = frozenset((
    "--branches", "--tags", "--remotes", "--glob", "--exclude", "--author", "--committer", "--grep",
    "--min-parents", "--max-parents",
))  # fmt: skip
_SINCE, _UNTIL = ("--since", "--after"), ("--until", "--before")
_COUNTS = ("--max-count", "-n", "--skip")
_OF_PATCHES = re.compile(
    r"-p|-u|--patch|-U\d+|--unified=\d+|-m|-c|--cc|--diff-merges=.*|--no-color|--no-ext-diff"
    r"|--no-textconv|--reverse|--no-renames|--text|-a"
)
"""What only changes how patches are shown. Every commit chosen is judged, merges too."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LAST_SECOND = 24 * 60 * 60 - 1
_HEAD = "HEAD"


class LogWords(NamedTuple):
    """What is asked for."""

    words: tuple[str, ...] = ()
    """Options for git, and names of commits, in their order."""
    since: str = ""
    until: str = ""
    most: int | None = None
    """How many commits."""
    skip: int = 0
    paths: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether it is all that refs lead to."""
        words = set(self.words) - {"--full-history"}
        return words == {"--all"} and self == LogWords(self.words)


def parse_log_words(text: str) -> LogWords:
    """Take apart what somebody would write after `git log`; quotes hold words together.

    Raises:
        UsageProblem: an option in it chooses no commits, or is wrong.
    """
    if "\0" in text:
        raise UsageProblem("--log-opts holds a zero byte", "leave it out")
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
    try:
        given = list(lexer)
    except ValueError:
        raise UsageProblem(
            f"--log-opts {text!r} has a quote that does not end", "add the other one"
        ) from None
    paths: tuple[str, ...] = ()
    if "--" in given:
        at = given.index("--")
        given, paths = given[:at], tuple(given[at + 1 :])
    for path in paths:
        if path.startswith(("/", "..")):
            raise UsageProblem(f"--log-opts: {path} is outside", "name paths inside the repository")
    found = LogWords(paths=paths)
    left = iter(given)
    for word in left:
        name, equals, value = word.partition("=")
        takes = name in (*_SINCE, *_UNTIL, *_COUNTS) or name in _WITH_VALUE - _PLAIN
        if takes and not equals:
            value = next(left, "")
            if not value:
                raise UsageProblem(f"--log-opts: {name} is nothing by itself", f"write {name}=…")
        found = _with(found, word, name, value, bool(equals or takes))
    return found


def _with(found: LogWords, word: str, name: str, value: str, given: bool) -> LogWords:
    """What was found, and one more word."""
    if name in _SINCE:
        return found._replace(since=value)
    if name in _UNTIL:
        return found._replace(until=value)
    if name in _COUNTS or re.fullmatch(r"-n?\d+", word):
        number = value if name in _COUNTS else word.lstrip("-n")
        if not number.isascii() or not number.isdigit() or len(number) > 9:
            raise UsageProblem(f"--log-opts: {word} needs a number", f"write {name}=10")
        if name == "--skip":
            return found._replace(skip=int(number))
        return found._replace(most=int(number))
    if given and name in _WITH_VALUE:
        return found._replace(words=(*found.words, f"{name}={value}"))
    if word in _PLAIN or word in _SHORT:
        return found._replace(words=(*found.words, _SHORT.get(word, word)))
    if _OF_PATCHES.fullmatch(word):
        return found
    if word.startswith("-"):
        raise UsageProblem(
            f"--log-opts: {name} does not choose commits here",
            "give revisions, ranges, --all, --branches, --tags, --remotes, --since, --until,"
            " --max-count, --skip, --author, --grep, --first-parent, --no-merges, and paths"
            " after --",
        )
    return found._replace(words=(*found.words, word))


def commits_of_log(repository: Repository, git: Git, asked: LogWords) -> Revisions:
    """The commits that `git log` would show for the same words.

    Raises:
        UsageProblem: a word names no commit here, or a date is none.
        GitFailed: git does not take a path or a pattern.
    """
    top = repository.work_tree
    if asked.paths and top is not None and repository.path.resolve() != top.resolve():
        raise UsageProblem(
            "--log-opts: paths are told from the top of the repository", f"scan {top}"
        )  # fmt: skip
    since = _time(git, "--since", asked.since)
    until = _time(git, "--until", asked.until)
    words, named = _with_ids(repository, git, asked.words)
    order = ("--topo-order",) if asked.most is None and not asked.skip else ()
    told = git.output(
        ["rev-list", "--timestamp", *order, *words, "--", *asked.paths]
    )  # fmt: skip
    lines = (line.split(b" ") for line in told.splitlines())
    chosen = [
        oid.decode("ascii")
        for time, oid in lines
        if (since is None or int(time) >= since) and (until is None or int(time) <= until)
    ][asked.skip :][: asked.most]
    return Revisions(
        tuple(reversed(chosen)), walk=False, tips=named or tuple(map(bytes.fromhex, chosen[:1])),
        first_parent="--first-parent" in asked.words, paths=asked.paths,
    )  # fmt: skip


def _with_ids(
    repository: Repository, git: Git, words: Sequence[str]
) -> tuple[list[str], tuple[bytes, ...]]:
    """The words with ids in place of names, HEAD where none are; and ids that are led from."""
    found: list[str] = []
    tips: list[bytes] = []
    patterns: list[str] = []
    named, wanted, turned = False, False, False
    for word in words:
        if word.startswith("--"):
            turned ^= word == "--not"
            several = word.partition("=")[0] in (*_SEVERAL, "--glob")
            named, wanted = named or several, wanted or (several and not turned)
            found.append(word)
            if not turned and (several or word.startswith("--exclude=")):
                patterns.append(word)
            continue
        for one in commit_ids(repository, git, word):
            found.append(one)
            if one.startswith("^") == turned:
                wanted = True
                tips.append(bytes.fromhex(one.removeprefix("^")))
        named = True
    if not named:
        (head,) = commit_ids(repository, git, _HEAD)
        return [*found, *(("--not",) if turned else ()), head], (bytes.fromhex(head),)
    if not wanted:
        raise UsageProblem(f"{' '.join(words)!r} leaves everything out", "write A..B")
    if not tips and "--all" not in patterns and not git.output(["rev-parse", *patterns]):
        raise unknown_commit(repository, " ".join(words))
    return found, tuple(tips)


def _time(git: Git, name: str, text: str) -> float | None:
    """Seconds since 1970; a day as a last one ends with its last second."""
    if not text:
        return None
    found = moment(git, text)
    if found is None:
        raise UsageProblem(f"{name}={text} is no date", "write 2024-05-31, or 2.weeks.ago")
    return found + (_LAST_SECOND if name == "--until" and _DAY.fullmatch(text) else 0)
