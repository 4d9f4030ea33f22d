"""Which package of a repository a file belongs to."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["Components"]

_MARKS = frozenset(
    (b"package.json", b"pyproject.toml", b"setup.py", b"setup.cfg", b"requirements.txt", b"Pipfile",
     b"go.mod", b"Cargo.toml", b"pom.xml", b"build.gradle", b"build.gradle.kts", b"Gemfile",
     b"composer.json", b"mix.exs", b"deno.json", b"deno.jsonc", b"manage.py")
)  # fmt: skip
_PROJECTS = (b".csproj", b".fsproj", b".gemspec")
_PASSED_OVER = frozenset((b"node_modules", b"vendor", b"third_party", b"testdata", b"fixtures"))


class Components:
    """The folders of a tree that hold a package."""

    def __init__(self, paths: Iterable[bytes]) -> None:
        """Find them by the files that name a package."""
        self._roots: set[bytes] = set()
        for path in paths:
            folder, _, name = path.rpartition(b"/")
            marked = name in _MARKS or name.endswith(_PROJECTS)
            if marked and _PASSED_OVER.isdisjoint(folder.split(b"/")):
                self._roots.add(folder)

    def of(self, path: bytes) -> str:
        """The nearest package above a file; empty for the top of the repository."""
        folder = path.rpartition(b"/")[0]
        while folder and folder not in self._roots:
            folder = folder.rpartition(b"/")[0]
        return folder.decode(errors="backslashreplace")
