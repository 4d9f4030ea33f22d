"""Refs and reflogs written as files, as gitrepository-layout(5) describes them."""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["RefWriter"]


class RefWriter:
    """Writes the refs of the repository at `git_dir`; `none` is its all-zero object id."""

    def __init__(self, git_dir: Path, none: str) -> None:
        self.git_dir = git_dir
        self.none = none

    def read(self, name: str) -> str:
        """The id that a branch, tag or full ref name holds. Raises ValueError without one."""
        for full in (f"refs/heads/{name}", f"refs/tags/{name}", name):
            if (place := self.git_dir / full).is_file():
                return place.read_text().strip()
        raise ValueError(f"no ref is called {name}")

    def write(self, name: str, oid: str, who: bytes | None = None, why: str = "") -> None:
        """Let the ref hold this id, and its reflog say why where `who` is given."""
        place = self.git_dir / name
        old = place.read_text().strip() if place.is_file() else None
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(oid + "\n")
        if who is not None:
            self.log(name, old, oid, who, why)

    def delete(self, name: str) -> None:
        """Take the ref and its reflog away."""
        (self.git_dir / name).unlink()
        (self.git_dir / "logs" / name).unlink(missing_ok=True)

    def delete_logs(self) -> None:
        """Take every reflog away."""
        shutil.rmtree(self.git_dir / "logs", ignore_errors=True)

    def point_head(self, at: str) -> None:
        """Let HEAD hold an id or `ref: NAME`."""
        (self.git_dir / "HEAD").write_text(at + "\n")

    def advance_head(self, oid: str, who: bytes, why: str) -> None:
        """Move the branch HEAD is on, or HEAD itself where it is detached."""
        at = (self.git_dir / "HEAD").read_text().strip()
        name = at.removeprefix("ref: ")
        if name == at:
            self.point_head(oid)
            self.log("HEAD", at, oid, who, why)
            return
        place = self.git_dir / name
        self.log("HEAD", place.read_text().strip() if place.is_file() else None, oid, who, why)
        self.write(name, oid, who, why)

    def log(self, name: str, old: str | None, new: str, who: bytes, why: str) -> None:
        """Add a line to a reflog; `who` ends in its time."""
        place = self.git_dir / "logs" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        line = b"%s %s %s\t" % ((old or self.none).encode(), new.encode(), who)
        with place.open("ab") as handle:
            handle.write(line + why.encode(errors="surrogateescape") + b"\n")
