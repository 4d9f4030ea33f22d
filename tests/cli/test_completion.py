"""`forensics completion`: scripts that make shells complete, and what they are answered."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from detectors.rule import built_in_rules
from detectors.rule_ids import built_in_ids
from tests.cli.command import PROGRAM, ended, environment, forensics, process
from tests.cli.test_start import HEAVY, loaded_by

BASH = shutil.which("bash")
needs_bash = pytest.mark.skipif(BASH is None, reason="there is no bash here")
COMPLETED = """
compopt() { printf 'compopt %s\\n' "$*"; }
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_forensics_completion forensics
printf '%s\\n' "${COMPREPLY[@]}"
"""
"""What bash does when somebody presses the tab key, without a terminal."""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`forensics` on the PATH. Asked by a shell it answers; else it notes its words in the file
    that is returned."""
    told, folder = tmp_path / "told", tmp_path / "bin"
    folder.mkdir()
    script = folder / "forensics"
    script.write_text(
        f'#!/bin/sh\n[ -n "$_FORENSICS_COMPLETE" ] && exec "{sys.executable}" -c "{PROGRAM}" "$@"\n'
        f'printf "%s\\n" "$@" > "{told}.new"; mv "{told}.new" "{told}"\n'
    )
    script.chmod(0o755)
    for name, value in environment(PATH=f"{folder}:{os.environ['PATH']}").items():
        monkeypatch.setenv(name, value)
    return told


@pytest.fixture
def complete(program: Path, tmp_path: Path) -> Callable[..., list[str]]:
    """What bash offers for the last of these words."""
    script = tmp_path / "completion.bash"
    script.write_text(forensics("completion", "bash").out)

    def offered(*words: str) -> list[str]:
        done = subprocess.run(
            [str(BASH), "--norc", "-c", f'. "{script}"; {COMPLETED}', "bash", "forensics", *words],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stderr == ""
        return done.stdout.split("\n")[:-1]

    return offered


@needs_bash
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["find"], ["findings"]),
        (["drift", "acc"], ["compopt -o default", "accept"]),
        (["drift", "--hist"], ["--history"]),
        (["triage", "set", "--state", "acc"], ["accepted"]),
        (["scan", "--format", "js"], ["json", "jsonl"]),
        (["scan", "--format", "=", "js"], ["json", "jsonl"]),
        (["scan", "--format=js"], ["--format=json", "--format=jsonl"]),
        (["scan", "--report", "sa"], ["compopt -o nospace", "sarif="]),
        (["scan", "--report", "sarif", "=", "ou"], ["compopt -o default", ""]),
        (["scan", "--enable-rule", "github.pat-c"], ["github.pat-classic"]),
        (["rules", "show", "github.pat-c"], ["github.pat-classic"]),
        (["scan", "sub"], ["compopt -o default", ""]),
        (["inventory", "--output", ""], ["compopt -o dirnames", ""]),
        (["completion", "z"], ["zsh"]),
        (["scan", "--no-such-opt"], [""]),
        (["it's", ""], ["*"]),
    ],
    ids=lambda one: " ".join(one),
)  # fmt: skip
def test_bash_is_offered_what_could_follow(
    complete: Callable[..., list[str]], words: list[str], offered: list[str]
) -> None:
    """Commands, options, their values; for files and folders, bash looks itself."""
    found = complete(*words)
    if offered == ["*"]:  # a word that names no command changes nothing
        assert found == complete("")
    else:
        assert found == offered


@needs_bash
def test_bash_completes_what_is_typed(program: Path, tmp_path: Path) -> None:
    """A terminal, and the tab key: a command, an option, a value after `=`, a name with a space."""
    (tmp_path / "my repository").mkdir()
    script = tmp_path / "completion.bash"
    script.write_text(forensics("completion", "bash").out)
    ours, its = pty.openpty()
    shell = subprocess.Popen(
        [str(BASH), "--norc", "--noprofile", "-i"], stdin=its, stdout=its, stderr=its,
        cwd=tmp_path, start_new_session=True, env=os.environ | {"TERM": "dumb", "PS1": "$ "},
    )  # fmt: skip
    os.close(its)
    try:
        os.write(ours, f". {script}\nforensics findin\t--determ\t--format=sar\tmy\t\n".encode())
        until = time.monotonic() + 60
        while not program.exists() and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        shell.kill()
        shell.wait()
        os.close(ours)
    typed = ["findings", "--deterministic", "--format=sarif", "my repository/"]
    assert program.read_text().splitlines() == typed


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_script_serves_both_names_of_the_program(shell: str) -> None:
    """`git-forensics` is the same program; and the script is all that is printed."""
    done = forensics("completion", shell)
    assert (done.code, done.err) == (0, "")
    assert "_FORENSICS_COMPLETE" in done.out
    assert "git-forensics" in done.out


@needs_bash
def test_the_script_is_one_that_bash_reads() -> None:
    """Without a complaint."""
    script = forensics("completion", "bash").out
    checked = subprocess.run(
        [str(BASH), "-n"], input=script, capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("words", [(), ("tcsh",), ("bash", "zsh")], ids=" ".join)
def test_another_shell_is_an_error_that_says_which_there_are(words: tuple[str, ...]) -> None:
    """One line, and exit code 2."""
    done = forensics("completion", *words)
    assert done.code == 2
    said = done.error()
    assert "forensics completion --help" in said
    assert "\\x" not in said


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_get_descriptions(shell: str) -> None:
    """And the whole word where it holds an option and its value."""

    def asked(words: str, word: str) -> str:
        asked = environment(
            COMP_WORDS=words, COMP_CWORD=word, _FORENSICS_COMPLETE=f"{shell}_complete"
        )
        return ended(process(env=asked)).out

    assert "List what the index knows." in asked(
        "forensics find", "1" if shell == "zsh" else "find"
    )
    word = "2" if shell == "zsh" else "--format=js"
    assert "--format=jsonl" in asked("forensics scan --format=js", word)


def test_completing_a_command_imports_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """It happens between two keystrokes."""
    monkeypatch.setenv("_FORENSICS_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "forensics sc")
    monkeypatch.setenv("COMP_CWORD", "1")
    loaded = loaded_by()
    ours = {one for one in loaded if one.startswith("forensics.cli.")}
    assert ours == {f"forensics.cli.{one}" for one in ("main", "default", "version", "completion")}
    assert loaded & {*HEAVY, "sqlite3", "tomllib"} == set()


def test_completing_a_rule_parses_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids are read as text."""
    monkeypatch.setenv("_FORENSICS_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "forensics scan --enable-rule gi")
    monkeypatch.setenv("COMP_CWORD", "3")
    loaded = loaded_by()
    assert "detectors.rule_ids" in loaded
    assert loaded & {*HEAVY, "detectors.rule", "tomllib", "regex"} == set()


def test_ids_read_as_text_are_those_of_the_rules() -> None:
    """All of them, and no other."""
    assert built_in_ids() == [rule.id for rule in built_in_rules()]
