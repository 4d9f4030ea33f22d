"""The real program is ended while it reads files in several processes."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from tests.cli.command import environment, process
from tests.scan.test_killed_process import descendants

pytestmark = pytest.mark.usefixtures("key")


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_is_left_when_one_is_ended(tmp_path: Path, sent: signal.Signals) -> None:
    """Workers end with the one that gave them work, whether or not they are told to as well."""
    builder = Builder(tmp_path / "repo")
    for number in range(400):
        values = "".join(f"KEY_{at}=value {number} of {at}\n" for at in range(150))
        builder.write(f"part{number // 2}/.env.{'prod' if number % 2 else 'dev'}", values)
    builder.commit("Start")
    path = builder.populate()
    started = process(
        "drift", path, "--index", tmp_path / "index.db",
        start_new_session=True, env=environment(), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while len([each for each in descendants(started.pid) if "git" not in each.split()[2]]) < 3:
        assert started.poll() is None, "it ended before its workers were seen"
        time.sleep(0.01)
    if sent is signal.SIGKILL:
        started.kill()
    else:
        os.killpg(started.pid, sent)
    started.wait(20)
    deadline = time.monotonic() + 20
    while left := descendants(started.pid):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)
