"""Libraries with compiled parts, each tried in a process of its own: one that was built for another
processor ends the process that calls it."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from forensics.doctor.check import Check, ok, problem, warning

__all__ = ["GRAMMARS", "TRIALS", "library_checks"]

_AREA = "libraries"
_SECONDS = 30.0
_FORK = multiprocessing.get_context("fork")
GRAMMARS = (
    "bash", "c_sharp", "go", "hcl", "java", "javascript", "kotlin", "php", "python", "ruby",
    "rust", "toml", "typescript",
)  # fmt: skip
_SPARED = {"hyperscan": "scans are slower without it"}
"""What there is another way for."""


def _hyperscan() -> bool:
    hyperscan: Any = import_module("hyperscan")
    database, found = hyperscan.Database(), []
    database.compile(expressions=[b"ab+c"], ids=[0], elements=1, flags=[0])
    database.scratch = hyperscan.Scratch(database)
    database.scan(b"xabbcx", lambda *_: found.append(1), 0, None)
    return bool(found)


def _pygit2() -> bool:
    pygit2: Any = import_module("pygit2")
    return str(pygit2.hash(b"")) == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


def _isal() -> bool:
    zlib: Any = import_module("isal.isal_zlib")
    return bool(zlib.decompress(zlib.compress(b"text" * 99)) == b"text" * 99)


def _regex() -> bool:
    found = import_module("regex").search(rb"(?<=a)b+", b"xabbx", timeout=_SECONDS)
    return found is not None and bool(found.span() == (2, 4))


def _numpy() -> bool:
    return bool(import_module("numpy").arange(9).sum() == 36)


def _dulwich() -> bool:
    apply: Any = import_module("dulwich.pack").apply_delta
    return b"".join(apply([b"text"], b"\x04\x04\x90\x04")) == b"text"


def _zstandard() -> bool:
    zstandard: Any = import_module("zstandard")
    packed = zstandard.ZstdCompressor().compress(b"text")
    return bool(zstandard.ZstdDecompressor().decompress(packed) == b"text")


def _sqlite() -> bool:
    with closing(import_module("sqlite3").connect(":memory:")) as empty:
        empty.execute("CREATE TABLE one (text TEXT) STRICT")
    return True


def _tree_sitter() -> bool:
    tree_sitter: Any = import_module("tree_sitter")
    for name in GRAMMARS:
        grammar = import_module(f"tree_sitter_{name}")
        for made in (one for one in dir(grammar) if one.startswith("language")):
            language = tree_sitter.Language(getattr(grammar, made)())
            if tree_sitter.Parser(language).parse(b"a = 1\n").root_node is None:
                return False
    return True


TRIALS: Mapping[str, Callable[[], bool]] = {
    "hyperscan": _hyperscan,
    "pygit2": _pygit2,
    "isal": _isal,
    "regex": _regex,
    "numpy": _numpy,
    "dulwich": _dulwich,
    "zstandard": _zstandard,
    "sqlite": _sqlite,
    "tree-sitter": _tree_sitter,
}
"""By library, whether it does what it is needed for."""


def library_checks(trials: Mapping[str, Callable[[], bool]] = TRIALS) -> Iterator[Check]:
    """Whether each can be imported and works on this machine."""
    for name, trial in trials.items():
        trouble = _trouble(trial)
        if not trouble:
            yield ok(_AREA, f"{name} works")
        elif name in _SPARED:
            yield warning(_AREA, f"{name} {trouble}", f"{_SPARED[name]}: {_reinstall(name)}")
        else:
            yield problem(_AREA, f"{name} {trouble}", _reinstall(name))


def _reinstall(name: str) -> str:
    if name == "sqlite":
        return "use a Python with SQLite 3.37 or newer"
    return f"`pip install --force-reinstall --no-cache-dir {name}`"


def _trouble(trial: Callable[[], bool]) -> str:
    """What went wrong in a process of its own; nothing where nothing did."""
    ours, its = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=_tell, args=(trial, its))
    process.start()
    its.close()
    try:
        if ours.poll(_SECONDS):
            return str(ours.recv())
        process.kill()
        return f"did not end within {_SECONDS:.0f} s"
    except EOFError:  # it is gone
        process.join()
        return _ending(process.exitcode or 0)
    finally:
        process.join()
        ours.close()


def _ending(code: int) -> str:
    if code >= 0:
        return "ended without a word"
    name = signal.Signals(-code).name
    return f"ends with {name}" + (": it is for another processor" if name == "SIGILL" else "")


def _tell(trial: Callable[[], bool], answer: Connection) -> None:
    try:
        answer.send("" if trial() else "gives wrong results")
    except ImportError as error:
        answer.send(f"cannot be imported: {error}")
    except Exception as error:
        answer.send(f"does not work: {type(error).__name__}: {error}")
