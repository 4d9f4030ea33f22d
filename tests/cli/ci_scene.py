"""A repository on a server, what is pushed to it, and the clone that a CI service makes of it."""

from __future__ import annotations

from pathlib import Path

from fixtures_repos.git import git
from fixtures_repos.stories.story import PLACE, setting, token

__all__ = ["ZEROS", "Scene"]

ZEROS = "0" * 40


class Scene:
    """`server.git` with two harmless commits on main, and a developer's clone of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        git(folder, "init", "-q", "--bare", "server.git")
        git(folder, "init", "-q", "work")
        self.server, self.work = folder / "server.git", folder / "work"
        git(self.work, "remote", "add", "origin", str(self.server))
        self.commit("README.md", b"# Parcels\n")
        self.main = self.commit("more.txt", b"more\n")
        self.push("main")

    def commit(self, name: str, content: bytes) -> str:
        """Commit a file where the developer stands; its id."""
        file = self.work / name
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_bytes(content)
        git(self.work, "add", "--all")
        git(self.work, "commit", "-q", "-m", f"Write {name}")
        return self.id("HEAD")

    def leak(self, seed: int = 1, name: str = PLACE) -> str:
        """Commit a secret; its id."""
        return self.commit(name, setting(token(seed)))

    def branch(self, name: str, at: str = "main") -> None:
        """Stand on a new branch."""
        git(self.work, "checkout", "-q", "-b", name, at)

    def push(self, *refs: str) -> None:
        """Push, by force."""
        git(self.work, "push", "-q", "--force", "origin", *refs)

    def id(self, name: str) -> str:
        """What a name means in the developer's clone."""
        return git(self.work, "rev-parse", name).decode().strip()

    def merge(self, head: str, base: str = "main") -> str:
        """The merge of a change that a service offers beside its head; its id."""
        git(self.work, "checkout", "-q", "--detach", base)
        git(self.work, "merge", "-q", "--no-ff", "-m", "Merge the change", head)
        return self.id("HEAD")

    def checkout(self, commit: str, *, depth: int = 0, name: str = "clone") -> Path:
        """What CI services check out: all branches and tags, or a few commits."""
        clone = self.folder / name
        git(self.folder, "init", "-q", name)
        address = f"file://{self.server}"
        git(clone, "remote", "add", "origin", address)
        self.push(f"{commit}:refs/pull/1/merge")
        if depth:
            wanted = [f"--depth={depth}", address, "+refs/pull/1/merge:refs/remotes/pull/1/merge"]
        else:
            wanted = [address, "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*",
                      "+refs/pull/1/merge:refs/remotes/pull/1/merge"]  # fmt: skip
        git(clone, "fetch", "-q", "--no-tags", *wanted)
        git(clone, "checkout", "-q", "--force", "--detach", commit)
        return clone
