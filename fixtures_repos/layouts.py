"""The ways git can keep the same objects: loose, packed, borrowed, cloned, linked."""

from __future__ import annotations

from pathlib import Path

from fixtures_repos.git import git

__all__ = [
    "add_alternate",
    "add_worktree",
    "bare_clone",
    "git_dir_of",
    "pack_loose",
    "packs",
    "partial_clone",
    "repack",
    "shallow_clone",
    "unpack",
    "use_large_offsets",
    "write_multi_pack_index",
]


def git_dir_of(path: Path) -> Path:
    """The git directory of a work tree or of a bare repository."""
    inner = path / ".git"
    return inner if inner.is_dir() else path


def packs(path: Path) -> list[Path]:
    """Every pack of the repository, by name."""
    return sorted((git_dir_of(path) / "objects/pack").glob("*.pack"))


def repack(path: Path, *, depth: int = 50, window: int = 10, bitmaps: bool = False) -> None:
    """Put every object, unreachable ones too, into one pack."""
    marks = ["--write-bitmap-index"] if bitmaps else ["--no-write-bitmap-index"]
    git(path, "repack", "-qadfk", *marks, f"--depth={depth}", f"--window={window}")


def pack_loose(path: Path, *, depth: int = 50, window: int = 10) -> None:
    """Put the objects that are loose, reachable or not, into one more pack."""
    objects = git_dir_of(path) / "objects"
    loose = sorted(
        fan.name + place.name
        for fan in objects.iterdir()
        if len(fan.name) == 2
        for place in fan.iterdir()
    )
    if loose:
        options = ["-q", f"--depth={depth}", f"--window={window}"]
        given = "".join(oid + "\n" for oid in loose).encode()
        git(path, "pack-objects", *options, objects / "pack/pack", given=given)
        git(path, "prune-packed", "-q")


def unpack(path: Path) -> None:
    """Make every object loose, and leave no pack."""
    for pack in packs(path):
        content = pack.read_bytes()
        for beside in pack.parent.glob(pack.stem + ".*"):
            beside.unlink()
        git(path, "unpack-objects", "-q", given=content)
    (git_dir_of(path) / "objects/pack/multi-pack-index").unlink(missing_ok=True)


def use_large_offsets(path: Path) -> None:
    """Rewrite every pack index so that all offsets but the first go through the 64-bit table."""
    for pack in packs(path):
        index = pack.with_suffix(".idx")
        index.unlink()
        # The first object lies at 12; git accepts no index where that is a 64-bit one too.
        git(path, "index-pack", "--index-version=2,12", "-o", index, pack)


def write_multi_pack_index(path: Path) -> None:
    """Write a multi-pack-index over all packs."""
    git(path, "multi-pack-index", "write")


def add_alternate(path: Path, other: Path) -> None:
    """Let the repository read the objects of another."""
    info = git_dir_of(path) / "objects/info"
    info.mkdir(exist_ok=True)
    with (info / "alternates").open("a") as handle:
        handle.write(f"{git_dir_of(other).resolve() / 'objects'}\n")


def add_worktree(path: Path, to: Path, at: str = "HEAD") -> Path:
    """A linked work tree of the repository, detached at a commit."""
    git(path, "worktree", "add", "-q", "--detach", to, at)
    return to


def bare_clone(path: Path, to: Path) -> Path:
    """A bare mirror that holds what refs reach, in one pack."""
    git(path, "clone", "-q", "--mirror", path.resolve().as_uri(), to)
    return to


def shallow_clone(path: Path, to: Path, depth: int = 1) -> Path:
    """A clone of the newest `depth` commits."""
    git(path, "clone", "-q", f"--depth={depth}", path.resolve().as_uri(), to)
    return to


def partial_clone(path: Path, to: Path, filter_: str = "blob:none") -> Path:
    """A clone without the objects that the filter leaves out, and without a work tree."""
    git(path, "config", "uploadpack.allowFilter", "true")
    url = path.resolve().as_uri()
    git(path, "clone", "-q", "--no-checkout", f"--filter={filter_}", url, to)
    return to
