"""Running the command line: in the test's own process, or in one of its own."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from forensics.cli.main import run

ROOT = Path(__file__).parents[2]
PROGRAM = "from forensics.cli.main import run; run()"


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as lines of JSON."""
        return [json.loads(line) for line in self.out.splitlines()]

    def error(self) -> str:
        """The one line on standard error; anything else there, or a traceback, fails the test."""
        assert "Traceback" not in self.err
        (line,) = self.err.splitlines()
        assert line.startswith("forensics: ")
        assert len(line) > len("forensics: ")
        return line.removeprefix("forensics: ")


def forensics(*arguments: object, given: bytes = b"", cwd: Path | None = None) -> Done:
    """Run a command here, as the console script would."""
    out, err = (
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors=errors, write_through=True)
        for errors in ("strict", "backslashreplace")  # as Python's own
    )
    words = ["forensics", *(os.fspath(one) if isinstance(one, Path) else str(one)
                            for one in arguments)]  # fmt: skip
    before = Path.cwd()
    os.chdir(cwd or before)
    try:
        with (
            patch.object(sys, "argv", words),
            patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(given))),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            run()
    except SystemExit as end:
        code = end.code
    finally:
        os.chdir(before)
    assert isinstance(code, int)
    return Done(code, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


def process(*arguments: object, **options: Any) -> subprocess.Popen[bytes]:
    """Start a command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment(), **options},
    )


def environment(**more: str) -> Mapping[str, str]:
    """The test's environment, in which the checkout can be imported from anywhere."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def ended(started: subprocess.Popen[bytes], given: bytes | None = None) -> Done:
    """Wait for a process."""
    out, err = started.communicate(given, timeout=60)
    return Done(started.returncode, out.decode(), err.decode())


def figure(done: Done, name: str) -> str:
    """What the summary says of `objects`, `skipped` and so on, wherever it was printed."""
    (found,) = re.findall(rf"^{name} +(.*)$", done.out + done.err, re.MULTILINE)
    return str(found)
