"""Documents written by the code: `python -m forensics.cli.docs`, and `--check` for a build."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from detectors.aliases import aliases_of
from detectors.rule import Rule, built_in_rules
from detectors.structure import NAMES, described
from forensics.cli.main import cli
from forensics.cli.man import manual_pages
from forensics.index.ours import schema

__all__ = ["main", "pages"]

_MANUAL = "docs/man"
_NOTICE = "<!-- Written by `make docs`; edit the code instead. -->\n\n"


def _helps(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Name and help text of a command and of all below it."""
    parent: click.Context | None = None
    for name in path[:-1]:
        parent = click.Context(cli, info_name=name, parent=parent, **cli.context_settings)
    context = click.Context(command, info_name=path[-1], parent=parent, terminal_width=90)
    yield " ".join(path), command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _helps(below, (*path, name))


def _commands() -> str:
    parts = [f"{_NOTICE}# Commands\n"]
    for name, text in _helps(cli, ("forensics",)):
        parts.append(f"## `{name}`\n\n```text\n{text}\n```\n")
    return "\n".join(parts)


def _rules() -> str:
    by_provider: dict[str, list[Rule]] = {}
    for rule in built_in_rules():
        by_provider.setdefault(rule.id.partition(".")[0], []).append(rule)
    count = sum(map(len, by_provider.values()))
    lines = [
        f"{_NOTICE}# Rules\n",
        f"{count} rules over {len(by_provider)} providers and kinds. `forensics rules show ID`"
        " says why each matters and what to do. An id of another tool, in the last column, means"
        " the rule too, in `--enable-rule`, `--disable-rule`, fingerprints and allowlists.",
    ]
    for provider, rules in sorted(by_provider.items()):
        lines += [f"\n## {provider}\n", "| id | severity | what it finds | elsewhere |"]
        lines.append("|---|---|---|---|")
        for rule in rules:
            names = ", ".join(f"`{one}`" for one in (*rule.aliases, *aliases_of(rule.id)))
            lines.append(f"| `{rule.id}` | {rule.severity} | {rule.title} | {names} |")
    return "\n".join(lines) + "\n"


def _structures() -> str:
    lines = [
        f"{_NOTICE}# Structures\n",
        "What rules can name as their `structure`: how a token is read and tested without a"
        " network.\n",
        "| name | what it reads |",
        "|---|---|",
    ]
    lines += [f"| `{name}` | {described(name)} |" for name in sorted(NAMES)]
    return "\n".join(lines) + "\n"


def _schema() -> str:
    return f"{_NOTICE}# The index\n\n```sql\n{schema()}```\n"


def pages() -> dict[str, str]:
    """Every generated document, by its path from the top of the project."""
    return {
        **{f"{_MANUAL}/{name}": text for name, text in manual_pages().items()},
        "docs/cli.md": _commands(),
        "RULES.md": _rules(),
        "docs/structures.md": _structures(),
        "docs/index-schema.md": _schema(),
    }


def main(arguments: list[str]) -> int:
    """Write the documents, or with `--check` say which are stale; the exit code."""
    written = pages()
    stale = [
        path
        for path, text in written.items()
        if not Path(path).exists() or Path(path).read_text("utf-8") != text
    ]
    of_no_command = [
        path for path in map(str, sorted(Path(_MANUAL).glob("*"))) if path not in written
    ]
    if arguments == ["--check"]:
        for path in (*stale, *of_no_command):
            click.echo(f"{path} is stale: run `make docs`", err=True)
        return bool(stale or of_no_command)
    for path in stale:
        Path(path).parent.mkdir(exist_ok=True)
        Path(path).write_text(written[path], "utf-8")
        click.echo(path)
    for path in of_no_command:
        Path(path).unlink()
        click.echo(f"{path} is no more")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
