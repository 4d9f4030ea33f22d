"""`forensics drift`: no value is shown that was not asked for, and no secret ever."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from detectors.template import expand
from fixtures_repos.builder import Builder
from fixtures_repos.stories.story import token
from tests.cli.command import forensics
from tests.cli.drift_web import BASE, FORMATS, HOST, PASSWORDS, Told, env

pytestmark = pytest.mark.usefixtures("key")


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("history", [(), ("--history",)], ids=["now", "history"])
def test_no_format_shows_a_value(web: Told, output_format: str, history: tuple[str, ...]) -> None:
    """Of secrets or of anything else."""
    done = forensics("drift", web.path, "--all", "-f", output_format, *history)
    assert done.code == 0
    assert "CACHE_PREFIX" in done.out
    for value in (*PASSWORDS.values(), *map(HOST.format, PASSWORDS), "prefork", "web7", "alpha"):
        assert value not in done.out + done.err


def test_values_are_shown_where_asked_for_but_of_nothing_that_looks_secret(web: Told) -> None:
    """Neither by its name, nor by what stands there."""
    hidden = token(9).decode()
    for name in PASSWORDS:
        more = {"LINK": f"https://ada:{hidden}@acme.example/", "CODE": hidden, "PIN": "7391"}
        web.builder.write(f"web/.env.{name}", env(BASE | more))
    web.builder.commit("Links")
    for output_format in ("table", "json", "jsonl", "csv", "markdown"):
        done = forensics("drift", web.path, "--all", "--show-values", "-f", output_format)
        assert "prefork" in done.out
        for value in (*PASSWORDS.values(), hidden, "7391"):
            assert value not in done.out + done.err
    told = json.loads(forensics("drift", web.path, "--show-values", "-f", "json").out)
    keys = {one["key"]: one["cells"]["prod"].get("value") for one in told["keys"]}
    assert keys["WORKERS_MODE"] == "prefork"
    assert (keys["LINK"], keys["CODE"], keys["PIN"]) == (None, None, None)


def test_nothing_that_is_printed_depends_on_the_key(
    web: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another key gives the same, byte for byte."""
    words = [("drift", web.path, "-f", one, *more)
             for one in FORMATS for more in ((), ("--history",))]  # fmt: skip
    before = [forensics(*one).out for one in words]
    (web.path / ".git/forensics/index.db").unlink()
    monkeypatch.setenv("FORENSICS_KEY", "07" * 32)
    after = [forensics(*one).out for one in words]
    assert after == before


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_secret_in_the_name_of_a_branch_is_masked(web: Told, output_format: str) -> None:
    """Also where the branch was asked for by it."""
    secret = f"ghp_{expand('{alnum:36}').decode()}"
    subprocess.run(["git", "-C", web.path, "branch", secret], check=True)
    done = forensics("drift", web.path, "--ref", secret, "-f", output_format)
    assert done.code == 0
    assert secret not in done.out + done.err


def test_a_secret_in_the_name_of_a_file_is_masked(tmp_path: Path) -> None:
    """Whatever is asked, and in every format."""
    secret = token(7).decode()
    builder = Builder(tmp_path / "named")
    for number, name in enumerate(PASSWORDS):
        builder.write(f"{secret}/.env.{name}", env({"A": "1", f"B{number}": "2"}))
    builder.commit("Start")
    path = builder.populate()
    for words in ((), ("--history",), ("--explain",), ("--set", "none")):
        for output_format in FORMATS if "--explain" not in words else FORMATS[:4]:
            done = forensics("drift", path, "--all", "-f", output_format, *words)
            assert secret not in done.out + done.err
    assert "****" in forensics("drift", path).out
    assert "****" in forensics("drift", path, "--set", "none").error()


def test_values_of_kubernetes_secrets_are_not_shown_wherever_else_they_stand(
    tmp_path: Path,
) -> None:
    """For their keys may have any name."""
    builder = Builder(tmp_path / "cluster")
    head = "apiVersion: v1\nkind: {}\nmetadata:\n  name: web\n{}:\n"
    for name in ("dev", "prod"):
        secret = f"  USER_WORD: quiet-{name}-otter\n"
        plain = f"  ANIMAL: quiet-{name}-otter\n  SHAPE: round\n  WINGS: {len(name)}\n"
        builder.write(f"overlays/{name}/secret.yaml", head.format("Secret", "stringData") + secret)
        builder.write(f"overlays/{name}/config.yaml", head.format("ConfigMap", "data") + plain)
    builder.commit("Start")
    words = ("drift", builder.populate(), "--show-values", "-f", "json")
    done = forensics(*words)
    told = {one["key"]: one["cells"] for one in json.loads(done.out)["keys"]}
    assert "otter" not in done.out
    assert "otter" not in forensics(*words, "--key", "*ANIMAL").out
    assert any(key.endswith("USER_WORD") for key in told)
    (shape,) = (cells for key, cells in told.items() if key.endswith("SHAPE"))
    assert [cell["value"] for cell in shape.values()] == ["round", "round"]
