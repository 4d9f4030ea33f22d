"""Manual pages, written from the commands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from forensics.cli import docs
from forensics.cli.main import cli
from forensics.cli.man import ENVIRONMENT, command_page, manual_pages
from tests.cli.command import ROOT

MACROS = {".TH", ".SH", ".SS", ".PP", ".TP", ".RS", ".RE", ".nf", ".fi", ".so", '.\\"'}
ESCAPE = re.compile(r"\\(?:f[BIR]|[&e-]|\((?:aq|ga|ha|ti)|\[u[0-9A-F]{4,6}\])")
needs_groff = pytest.mark.skipif(shutil.which("groff") is None, reason="there is no groff here")
needs_man = pytest.mark.skipif(shutil.which("man") is None, reason="there is no man here")


def commands(
    command: click.Command = cli, name: str = "forensics", parent: click.Context | None = None
) -> Iterator[tuple[str, click.Command]]:
    """Every command by its whole name."""
    context = click.Context(command, parent, name)
    yield context.command_path, command
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            below = command.get_command(context, inner)
            assert below is not None
            yield from commands(below, inner, context)


def shown(page: str) -> str:
    """A page as a terminal has it, on one line."""
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-P-cbou", "-rLL=1000n"], input=page,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    return " ".join(done.stdout.split())


@pytest.mark.parametrize("name", [*manual_pages()])
def test_a_page_is_plain_roff(name: str) -> None:
    """Only macros and escapes that every reader of man(7) has, each page in ASCII."""
    page = manual_pages()[name]
    assert page.isascii()
    for line in page.splitlines():
        if line.startswith((".", "'")):
            assert line.split()[0] in MACROS
        if not line.startswith('.\\"'):
            assert "\\" not in ESCAPE.sub("", line)
    assert page.count("\n.nf\n") == page.count("\n.fi\n")
    assert page.count("\n.RS 4\n") == page.count("\n.RE\n")


@needs_groff
@pytest.mark.parametrize("name", [one for one in manual_pages() if one.startswith("f")])
def test_groff_has_no_complaint(name: str) -> None:
    """Not with all its warnings on."""
    assert shown(manual_pages()[name])


def test_every_command_and_option_has_its_place() -> None:
    """In the page of the command, or in that of the command above it."""
    pages = manual_pages()
    for name, command in commands():
        words = name.split()
        page = pages["-".join(words[:2]) + ".1"]
        assert name.replace("-", "\\-") in page
        for one in command.params:
            if isinstance(one, click.Option):
                for option in one.opts:
                    assert "\\fB" + option.replace("-", "\\-") + "\\fR" in page, (name, option)


def test_the_first_page_names_every_variable_of_ours() -> None:
    """As the code reads them."""
    texts = (one.read_text("utf-8") for one in (ROOT / "forensics").rglob("*.py"))
    read = {name for text in texts for name in re.findall(r'"(FORENSICS_[A-Z_]+)"', text)}
    assert {"FORENSICS_KEY", "FORENSICS_INDEX"} <= read <= {*ENVIRONMENT}


@needs_groff
def test_text_that_roff_would_obey_is_shown() -> None:
    """Dots and quotes at the start of lines, backslashes, and characters beyond ASCII."""

    @click.command("odd")
    @click.option("--it", metavar="IT'S", help=".so of \\fB and `--code`.")
    def odd() -> None:
        """.TH of what \\n is, at 'least' ^ ~ “so”.

        \b
        .nf  'two  \\spaces
        """

    text = shown(command_page(odd, "forensics odd", "does odd things"))
    assert ".TH of what \\n is, at 'least' ^ ~ “so”." in text
    assert ".nf 'two \\spaces" in text
    assert "--it IT'S .so of \\fB and --code." in text


@needs_man
def test_git_finds_the_page_by_its_own_name(tmp_path: Path) -> None:
    """`git help forensics` asks for the page git-forensics."""
    folder = tmp_path / "man1"
    folder.mkdir()
    for name, page in manual_pages().items():
        (folder / name).write_text(page)
    done = subprocess.run(
        ["man", "-M", str(tmp_path), "-P", "cat", "git-forensics"],
        capture_output=True, text=True, check=True, env=os.environ | {"LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert "find every secret ever committed" in done.stdout


def test_exit_codes_have_a_section_of_their_own() -> None:
    """Where manual pages are looked at for them."""
    section = manual_pages()["forensics.1"].partition(".SH EXIT STATUS\n")[2].partition(".SH")[0]
    assert re.findall(r"^\\fB(\d)\\fR$", section, re.MULTILINE) == ["0", "1", "2", "3"]


def test_pages_that_are_stale_or_of_no_command_fail_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And writing puts both right."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    assert docs.main([]) == 0
    assert docs.main(["--check"]) == 0
    (tmp_path / "docs/man/forensics-scan.1").write_text("old")
    (tmp_path / "docs/man/forensics-gone.1").write_text("of a command that was")
    capsys.readouterr()
    assert docs.main(["--check"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "docs/man/forensics-scan.1 is stale: run `make docs`",
        "docs/man/forensics-gone.1 is stale: run `make docs`",
    ]
    assert docs.main([]) == 0
    assert docs.main(["--check"]) == 0
