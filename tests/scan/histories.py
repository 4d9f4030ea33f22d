"""Random histories: any graph, any files, any refs, told in two parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from fixtures_repos import layouts
from fixtures_repos.builder import Builder
from fixtures_repos.objects import File, encode_commit
from fixtures_repos.stories.story import token

SECRETS = [token(seed) for seed in range(11, 15)]
"""The last one stands in names of files too."""

_LINES = b"".join(b"# line %d of a file that has many\n" % at for at in range(300))
_A, _B, _C, _NAMED = SECRETS
CONTENTS = [
    b"harmless\n",
    _LINES,
    _LINES + b"TOKEN=%s\n" % _A,
    b"TOKEN=%s\n" % _A + _LINES,
    _LINES + b"TOKEN=%s\n" % _B,
    b"ONE=%s\n" % _A + _LINES + b"TWO=%s\n" % _B,
    b"ONE=%s\n" % _A + _LINES + b"AGAIN=%s\n" % _A,
    b"TOKEN=%s\n" % _C,
    b"\0\xff binary " + _C + b"\0\n",
    b"NAME=%s\n" % _NAMED,
]
PATHS = [
    b"a.env",
    b"dir/b.env",
    b"dir/sub/c.env",
    b"dir",
    b"\x01odd\n:name",
    b"-n \xff.env",
    b"named/%s.json" % _NAMED,
    b"%s" % _NAMED,
]


@dataclass(frozen=True, slots=True)
class Step:
    """One commit. Numbers name earlier ones."""

    parents: tuple[int, ...]
    starts_as: int | None
    """Whose files it starts from, as a merge of its parents, a revert or a rebase would."""
    edits: tuple[tuple[str, int, int], ...]
    """What happens to which path, with which content or other path."""
    clock: int
    """Seconds since 1970, in no order."""


@dataclass(frozen=True, slots=True)
class Names:
    """What names commits at some moment."""

    branches: tuple[int, ...]
    head: int | None
    detached: bool
    logged: tuple[int, ...]
    packing: str


edits = st.lists(
    st.tuples(
        st.sampled_from(["write"] * 4 + ["delete", "rename"]),
        st.integers(0, len(PATHS) - 1),
        st.integers(0, len(CONTENTS) - 1),
    ),
    max_size=3,
).map(tuple)


@st.composite
def steps(draw: st.DrawFn) -> list[Step]:
    """Up to fourteen commits: lines, forks, merges of up to four, roots."""
    told: list[Step] = []
    for number in range(draw(st.integers(1, 14))):
        count = draw(st.sampled_from([1, 1, 1, 1, 2, 2, 3, 4, 0]))
        # Mostly the newest ones, so that there are long lines of history.
        back = st.integers(0, number - 1).map(lambda at, top=number: top - 1 - at * at // top)
        parents = draw(st.lists(back, min_size=min(count, 1), max_size=count, unique=True)) if (
            number and count
        ) else []  # fmt: skip
        any_earlier = st.integers(0, number - 1) if number else st.none()
        first = st.just(parents[0] if parents else None)
        start = draw(st.one_of(first, first, st.sampled_from(parents or [None]), any_earlier))
        told.append(Step(tuple(parents), start, draw(edits), draw(st.integers(1, 2_000_000_000))))
    return told


@st.composite
def names(draw: st.DrawFn, count: int) -> Names:
    """Refs, HEAD and a reflog over the first `count` commits."""
    some = st.lists(st.integers(0, count - 1), max_size=3, unique=True).map(tuple)
    return Names(
        draw(some),
        draw(st.none() | st.integers(0, count - 1)),
        draw(st.booleans()),
        draw(some),
        draw(st.sampled_from(["loose", "packed", "repacked", "no deltas"])),
    )


class Teller:
    """Tells steps into a bare repository."""

    def __init__(
        self,
        path: Path,
        contents: Sequence[bytes] = CONTENTS,
        people: Sequence[bytes] = (b"Ada Example <ada@acme.example>",),
        paths: Sequence[bytes] = PATHS,
    ) -> None:
        """A bare repository at `path`.

        Args:
            path: a folder that need not exist.
            contents: what files hold; as many as CONTENTS.
            people: authors and committers, which the clock of a step chooses among.
            paths: of files; as many as PATHS.
        """
        self.builder = Builder(path, bare=True)
        self.path = path
        self._contents, self._people, self._paths = contents, people, paths
        self.commits: list[str] = []
        self._files: list[dict[bytes, File]] = []

    def tell(self, told: Sequence[Step]) -> None:
        """Write these commits; no ref names them yet."""
        for step in told:
            files = dict(self._files[step.starts_as]) if step.starts_as is not None else {}
            for what, path, other in step.edits:
                self._edit(files, what, self._paths[path], other)
            who, by = (
                b"%s %d +0000" % (self._people[number % len(self._people)], step.clock)
                for number in (step.clock, step.clock // len(self._people))
            )
            parents = [self.commits[parent] for parent in step.parents]
            tree = self.builder.objects.write_tree(files)
            message = b"Commit %d\n" % len(self.commits)
            content = encode_commit(tree, parents, who, by, message)
            self.commits.append(self.builder.objects.write("commit", content))
            self._files.append(files)

    def _edit(self, files: dict[bytes, File], what: str, path: bytes, other: int) -> None:
        if what == "write":
            self._put(
                files,
                path,
                File("100644", self.builder.objects.write("blob", self._contents[other])),
            )
        elif what == "delete":
            files.pop(path, None)
        elif path in files:
            self._put(files, self._paths[other % len(self._paths)], files.pop(path))

    @staticmethod
    def _put(files: dict[bytes, File], path: bytes, file: File) -> None:
        """A folder gives way to a file of its name, and the other way round."""
        for there in [*files]:
            if there.startswith(path + b"/") or path.startswith(there + b"/"):
                del files[there]
        files[path] = file

    def name(self, given: Names) -> None:
        """Let exactly these refs, this HEAD and these reflog lines exist."""
        refs = self.builder.refs
        for place in (self.path / "refs").rglob("*"):
            if place.is_file():
                place.unlink()
        (self.path / "packed-refs").unlink(missing_ok=True)
        for number, at in enumerate(given.branches):
            kind = ("heads/b", "tags/t", "pull/p")[number]
            refs.write(f"refs/{kind}{number}", self.commits[at])
        if given.head is None:
            refs.point_head("ref: refs/heads/none")
        elif given.detached:
            refs.point_head(self.commits[given.head])
        else:
            refs.write("refs/heads/main", self.commits[given.head])
            refs.point_head("ref: refs/heads/main")
        for at in given.logged:
            refs.log("HEAD", None, self.commits[at], b"A <a@b> 1673254800 +0000", "told")
        match given.packing:
            case "packed":
                layouts.pack_loose(self.path)
            case "repacked":
                layouts.repack(self.path, depth=50, window=20)
            case "no deltas":
                layouts.repack(self.path, depth=0, window=0)
