"""Makes up a repository of many commits, few of which change configuration."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random

__all__ = ["make_repository"]

_START = 1_400_000_000
_FOLDERS, _BELOW, _FILES = 10, 20, 20
"""A tree of 4,000 files, three deep."""
_TEXTS = 3_000
_COMPONENTS = ("web", "api", "jobs", "billing", "search")
_ENVIRONMENTS = ("dev", "staging", "prod")
_KEYS = 60
_MERGE_EVERY = 40


def make_repository(path: Path, commits: int, configuring: int) -> None:
    """A bare repository with `commits` commits on the first-parent line of main, of which
    `configuring`, spread evenly, change dotenv and YAML files of five components in three
    environments. The same arguments make the same repository."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True)
    command = ["git", "-C", str(path), "fast-import", "--quiet", "--depth=50"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    assert process.stdin is not None
    with process.stdin as given:
        for piece in _stream(commits, configuring):
            given.write(piece)
    if process.wait():
        raise OSError(f"git fast-import ended with {process.returncode}")


def _data(text: str) -> bytes:
    raw = text.encode()
    return b"data %d\n%s\n" % (len(raw), raw)


def _stream(commits: int, configuring: int) -> Iterator[bytes]:
    random = Random(commits)  # noqa: S311 - the same repository each time
    for mark in range(1, _TEXTS + 1):
        body = "".join(f"line {random.random()} of {mark}\n" for _ in range(20))
        yield b"blob\nmark :%d\n%s" % (mark, _data(body))
    files = [
        f"src/part{one:02}/module{two:02}/file{three:02}.go"
        for one in range(_FOLDERS)
        for two in range(_BELOW)
        for three in range(_FILES)
    ]
    values = {
        (component, environment): [f"{random.random()}" for _ in range(_KEYS)]
        for component in _COMPONENTS
        for environment in _ENVIRONMENTS
    }
    every = max(commits // configuring, 1)
    mark = _TEXTS
    last = 0
    for number in range(commits):
        side = number % _MERGE_EVERY == _MERGE_EVERY - 1
        now = _START + number * 600
        if side:  # a branch of one commit, merged at once
            mark += 1
            yield _header("side", mark, now, random)
            yield b"from :%d\n" % last
            yield b"M 100644 :%d %s\n\n" % (
                random.randint(1, _TEXTS), random.choice(files).encode()
            )  # fmt: skip
        mark += 1
        yield _header("main", mark, now + 60, random)
        if last:
            yield b"from :%d\n" % last
        if side:
            yield b"merge :%d\n" % (mark - 1)
        last = mark
        chosen = files if not number else random.choices(files, k=random.randint(1, 4))
        yield b"".join(
            b"M 100644 :%d %s\n" % (random.randint(1, _TEXTS), path.encode()) for path in chosen
        )
        if number % every == every - 1 and number // every < configuring:
            yield from _configured(random, values)
        yield b"\n"
    yield b"reset refs/heads/side\nfrom %s\n\n" % (b"0" * 40)


def _header(branch: str, mark: int, now: int, random: Random) -> bytes:
    who = random.randrange(200)
    return b"commit refs/heads/%s\nmark :%d\ncommitter Dev %d <dev%d@acme.example> %d +0100\n%s" % (
        branch.encode(), mark, who, who, now, _data(f"Change {mark}"),
    )  # fmt: skip


def _configured(random: Random, values: dict[tuple[str, str], list[str]]) -> Iterator[bytes]:
    """A key set in some environments of a component, in both of its files."""
    component = random.choice(_COMPONENTS)
    key, value = random.randrange(_KEYS), f"{random.random()}"
    for environment in _ENVIRONMENTS[: random.randint(1, 3)]:
        own = values[component, environment]
        own[key] = value
        dotenv = "".join(f"SETTING_{at}={one}\n" for at, one in enumerate(own))
        yaml = "config:\n" + "".join(f'  setting{at}: "{one}"\n' for at, one in enumerate(own))
        for path, text in (
            (f"services/{component}/env/.env.{environment}", dotenv),
            (f"services/{component}/helm/values-{environment}.yaml", yaml),
        ):
            yield b"M 100644 inline %s\n%s" % (path.encode(), _data(text))
