"""A builder that tells a history: files, commits, branches, merges, tags, a stash.

It keeps the files of every commit in memory and writes objects and refs itself,
so that a story takes milliseconds and any byte can be told. Git is started to
create the repository and to fill the work tree.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from fixtures_repos.git import git
from fixtures_repos.objects import File, ObjectWriter, encode_commit, encode_tag
from fixtures_repos.refs import RefWriter

__all__ = ["ADA", "BEN", "CLEO", "DAN", "START", "Builder"]

ADA = b"Ada Example <ada@acme.example>"
BEN = b"Ben Instance <ben@acme.example>"
CLEO = b"Cleo Specimen <cleo@acme.example>"
DAN = b"Dan Pattern <dan@acme.example>"

START = 1_673_254_800
"""The first moment of every story, in seconds: 2023-01-09, 9:00 UTC."""

_Files = dict[bytes, File]


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


class Builder:
    """A new repository at `path`, on the branch main, with no commit yet."""

    def __init__(
        self,
        path: Path,
        *,
        bare: bool = False,
        object_format: Literal["sha1", "sha256"] = "sha1",
        zone: str = "+0000",
    ) -> None:
        path.mkdir(parents=True, exist_ok=True)
        git(path, "init", "-q", f"--object-format={object_format}", *(["--bare"] if bare else []))
        self.path = path
        self.git_dir = path if bare else path / ".git"
        self.objects = ObjectWriter(self.git_dir / "objects", object_format)
        self.refs = RefWriter(self.git_dir, none="0" * (40 if object_format == "sha1" else 64))
        self.now = START
        self.zone = zone
        self._head: str | None = None
        self._files: _Files = {}
        self._parents: dict[str, tuple[str, ...]] = {}
        self._trees: dict[str, _Files] = {}

    @property
    def head(self) -> str:
        """The id of the commit HEAD stands at."""
        if self._head is None:
            raise ValueError("nothing is committed yet")
        return self._head

    def wait(self, *, hours: float = 0, days: float = 0) -> None:
        """Let time pass before the next commit."""
        self.now += int(hours * 3600 + days * 86400)

    # Files, as the next commit will have them

    def write(self, path: str | bytes, content: str | bytes, mode: str = "100644") -> str:
        """Put `content` at `path`; returns the blob's id."""
        oid = self.objects.write("blob", _bytes(content))
        self._files[_bytes(path)] = File(mode, oid)
        return oid

    def delete(self, *paths: str | bytes) -> None:
        """Take these paths away."""
        for path in paths:
            del self._files[_bytes(path)]

    def rename(self, old: str | bytes, new: str | bytes) -> None:
        """Move a file, content and mode unchanged."""
        self._files[_bytes(new)] = self._files.pop(_bytes(old))

    # Commits

    def commit(
        self,
        message: str | bytes,
        *,
        author: bytes = ADA,
        committer: bytes | None = None,
        authored: int | None = None,
        committed: int | None = None,
        headers: bytes = b"",
        parents: Sequence[str] = (),
    ) -> str:
        """Commit the files on top of HEAD (and merge `parents`); an hour passes.

        `authored` and `committed` are seconds since 1970, now unless given.
        """
        self.wait(hours=1)
        above = (*([self._head] if self._head else []), *parents)
        oid = self._write_commit(
            self._files,
            above,
            _bytes(message).rstrip(b"\n") + b"\n",
            self._stamp(author, authored),
            self._stamp(committer or author, committed),
            headers,
        )
        verb = "commit (merge)" if parents else "commit" if above else "commit (initial)"
        self._move_head(oid, f"{verb}: {_subject(message)}")
        return oid

    def merge(
        self,
        *branches: str,
        message: str | None = None,
        author: bytes = ADA,
        ours: bool = False,
        files: Mapping[str, str | bytes] | None = None,
    ) -> str:
        """Merge these branches file by file; two or more make an octopus.

        With `ours` nothing of them is kept. `files` replaces or adds what the
        merge itself would not: the answer to a conflict, or an evil merge.
        Raises ValueError for a conflict that `files` does not answer.
        """
        tips = [self.resolve(branch) for branch in branches]
        answers = {_bytes(path): content for path, content in (files or {}).items()}
        for tip in [] if ours else tips:
            base = self._trees.get(self._merge_base(self.head, tip) or "", {})
            theirs = self._trees[tip]
            for path in sorted(base.keys() | theirs.keys()):
                if theirs.get(path) == base.get(path) or path in answers:
                    continue
                if self._files.get(path) not in (base.get(path), theirs.get(path)):
                    raise ValueError(f"{path!r} changed on both sides")
                if path in theirs:
                    self._files[path] = theirs[path]
                else:
                    self._files.pop(path, None)
        for path, content in answers.items():
            self.write(path, content)
        told = message or f"Merge branch '{', '.join(branches)}'"
        return self.commit(told, author=author, parents=tips)

    def cherry_pick(self, commit: str, *, committer: bytes = ADA) -> str:
        """Repeat what `commit` changed against its first parent, on top of HEAD."""
        after = self._trees[commit]
        above = self._parents[commit]
        before = self._trees[above[0]] if above else {}
        for path in before.keys() | after.keys():
            if before.get(path) != after.get(path):
                if path in after:
                    self._files[path] = after[path]
                else:
                    self._files.pop(path, None)
        return self.commit(f"Picked\n\n(cherry picked from commit {commit})", author=committer)

    # Branches and HEAD

    def branch(self, name: str, at: str | None = None) -> None:
        """Create a branch here, or at the branch or commit `at`, and stand on it."""
        start = self.resolve(at) if at else self.head
        self.refs.write(f"refs/heads/{name}", start, self._stamp(ADA), "branch: Created")
        self.checkout(name)

    def checkout(self, name: str) -> None:
        """Stand on this branch."""
        self._stand_at(self.resolve(name), f"ref: refs/heads/{name}", f"checkout: moving to {name}")

    def detach(self, at: str | None = None) -> None:
        """Stand on a commit and on no branch."""
        oid = self.resolve(at) if at else self.head
        self._stand_at(oid, oid, f"checkout: moving to {oid}")

    def orphan(self, name: str) -> None:
        """Stand on a branch that has no commit and no file yet."""
        self.refs.point_head(f"ref: refs/heads/{name}")
        self._head, self._files = None, {}

    def reset(self, to: str) -> None:
        """Move the branch HEAD is on to another commit; what it left stays in reflogs."""
        oid = self.resolve(to)
        self._files = dict(self._trees[oid])
        self._move_head(oid, f"reset: moving to {to}")

    def drop_branch(self, name: str) -> None:
        """Delete a branch and its reflog; its commits stay, and HEAD's reflog names them."""
        self.refs.delete(f"refs/heads/{name}")

    def forget_reflogs(self) -> None:
        """Delete every reflog, so that only refs reach anything."""
        self.refs.delete_logs()

    def resolve(self, name: str) -> str:
        """The commit a branch or tag name, or a commit id, stands for."""
        return name if name in self._trees else self.refs.read(name)

    # Beside branches

    def tag(
        self, name: str, message: str | None = None, at: str | None = None, author: bytes = ADA
    ) -> str:
        """Tag a commit, with an object of its own when there is a message; returns its id."""
        oid = self.resolve(at) if at else self.head
        if message is not None:
            told = _bytes(message.rstrip("\n") + "\n")
            content = encode_tag(oid, "commit", name, self._stamp(author), told)
            oid = self.objects.write("tag", content)
        self.refs.write(f"refs/tags/{name}", oid)
        return oid

    def note(self, text: str | bytes, at: str | None = None) -> str:
        """Attach the only note of this repository to a commit; returns the notes commit."""
        target = self.resolve(at) if at else self.head
        blob = self.objects.write("blob", _bytes(text) + b"\n")
        stamp = self._stamp(ADA)
        files = {target.encode(): File("100644", blob)}
        oid = self._write_commit(files, (), b"Notes added by 'git notes add'\n", stamp, stamp)
        self.refs.write("refs/notes/commits", oid, stamp, "notes: Notes added by 'git notes add'")
        return oid

    def stash(self, files: Mapping[str, str | bytes], message: str = "WIP on main") -> str:
        """Stash HEAD's files with these changed, as `git stash` does; returns its commit."""
        stamp = self._stamp(ADA)
        index = self._write_commit(
            self._files, (self.head,), b"index on " + message.encode() + b"\n", stamp, stamp
        )
        changed = dict(self._files)
        for path, content in files.items():
            changed[_bytes(path)] = File("100644", self.objects.write("blob", _bytes(content)))
        told = message.encode() + b"\n"
        oid = self._write_commit(changed, (self.head, index), told, stamp, stamp)
        self.refs.write("refs/stash", oid, stamp, message)
        return oid

    def populate(self) -> Path:
        """Fill index and work tree from HEAD; returns the repository's path."""
        git(self.path, "read-tree", "--reset", "-u", "HEAD")
        return self.path

    # How it is done

    def _stamp(self, who: bytes, when: int | None = None) -> bytes:
        return b"%s %d %s" % (who, self.now if when is None else when, self.zone.encode())

    def _write_commit(
        self,
        files: _Files,
        parents: Sequence[str],
        message: bytes,
        author: bytes,
        committer: bytes,
        headers: bytes = b"",
    ) -> str:
        tree = self.objects.write_tree(files)
        content = encode_commit(tree, parents, author, committer, message, headers)
        oid = self.objects.write("commit", content)
        self._parents[oid], self._trees[oid] = tuple(parents), dict(files)
        return oid

    def _move_head(self, oid: str, why: str) -> None:
        self.refs.advance_head(oid, self._stamp(ADA), why)
        self._head = oid

    def _stand_at(self, oid: str, points_at: str, why: str) -> None:
        self.refs.point_head(points_at)
        self.refs.log("HEAD", self._head, oid, self._stamp(ADA), why)
        self._head, self._files = oid, dict(self._trees[oid])

    def _merge_base(self, one: str, other: str) -> str | None:
        """The ancestor of both that is fewest steps from `other`."""
        ours, todo = set[str](), [one]
        while todo:
            oid = todo.pop()
            if oid not in ours:
                ours.add(oid)
                todo.extend(self._parents[oid])
        queue = deque([other])
        while queue:
            oid = queue.popleft()
            if oid in ours:
                return oid
            queue.extend(self._parents[oid])
        return None


def _subject(message: str | bytes) -> str:
    return os.fsdecode(_bytes(message).split(b"\n", 1)[0])
