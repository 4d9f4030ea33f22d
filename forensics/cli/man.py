"""Manual pages, written from the commands as `--help` is: one a command, what is below it inside.

The language is that of man(7). Only macros that groff, mandoc and other readers all have are used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap

import click

from forensics import __version__
from forensics.cli.default import DefaultGroup
from forensics.cli.main import cli

__all__ = ["ENVIRONMENT", "command_page", "manual_pages"]

_NAME = "forensics"
_NOTICE = '.\\" Written by `make docs`; edit the code instead.'
_WIDTH = 80
_EXIT_CODES = "Exit codes: "
_VERBATIM = "\b\n"
"""With this click has a paragraph printed as it is."""
ENVIRONMENT = {
    "FORENSICS_KEY": "The key that makes fingerprints, as `forensics key export` prints it; else"
    " that of the file below. It is passed to no other program.",
    "FORENSICS_INDEX": "Index file where no --index is given; else the one inside the repository's"
    " git directory.",
    "FORENSICS_ACTOR": "Who the journal says did it; else who the system says you are.",
    "FORENSICS_ACCEPTANCES": "File of accepted differences for `forensics drift` where no option"
    " names one.",
    "FORENSICS_CONFIG": "Your forensics.toml where no --policy is given; else that in your"
    " configuration folder.",
    "FORENSICS_ALLOW": "Ids of what hooks are to let pass this once, as a refusal prints them.",
    "SOURCE_DATE_EPOCH": "The time in reports with --deterministic, in seconds since 1970.",
    "NO_COLOR": "Print without colours.",
    "XDG_CONFIG_HOME, XDG_CACHE_HOME, XDG_STATE_HOME": "Where the folders below are.",
}
_FILES = {
    "~/.config/git-forensics/key": "The key, made by the first scan and readable by you only.",
    "~/.cache/git-forensics": "Compiled rules. May be deleted at any time.",
    "~/.local/state/git-forensics": "Indexes of repositories whose git directory is read-only.",
    "$GIT_DIR/forensics/index.db": "The index of a repository. It holds no secret.",
}
_PLAIN = {"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti"}
_SPECIAL = re.compile(r"[\\\-'`^~]|[^\x00-\x7f]")
_CODE = re.compile(r"`([^`\n]+)`")


def _escaped(text: str) -> str:
    """Text that roff prints as it stands."""
    return _SPECIAL.sub(lambda one: _PLAIN.get(one[0]) or f"\\[u{ord(one[0]):04X}]", text)


def _bold(text: str) -> str:
    return f"\\fB{_escaped(text)}\\fR"


def _line(text: str) -> str:
    """A line of text that roff takes for no request; what stands in backticks is bold."""
    parts = _CODE.split(text)
    line = "".join(_bold(one) if number % 2 else _escaped(one) for number, one in enumerate(parts))
    return _no_request(line)


def _no_request(line: str) -> str:
    return f"\\&{line}" if line.startswith(".") else line


def _filled(text: str) -> str:
    """Text for roff to fill, in lines that are easy to compare."""
    line = _line(" ".join(text.split()))
    lines = wrap(line, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(map(_no_request, lines)) or "\\&"


def _usage_word(word: str) -> str:
    """A word of an option's or command's usage: literal as bold, what stands for another italic."""
    bare = word.rstrip(",")
    face = "B" if bare.startswith("-") else "I"
    return f"\\f{face}{_escaped(bare)}\\fR{word[len(bare) :]}"


def _paragraphs(text: str) -> list[str]:
    """As click takes a help text apart."""
    shown = text.partition("\f")[0].strip("\n ")
    lines = shown.split("\n")
    margin = min((len(one) - len(one.lstrip()) for one in lines[1:] if one.strip()), default=0)
    flush = "\n".join([lines[0], *(one[margin:] for one in lines[1:])])
    return [one.strip("\n") for one in re.split(r"\n{2,}", flush) if one.strip()]


def _text(paragraphs: list[str]) -> Iterator[str]:
    for number, one in enumerate(paragraphs):
        if number:
            yield ".PP"
        if one.startswith(_VERBATIM):
            yield from (".RS 4", ".nf")
            yield from (_line(line) or "\\&" for line in one.removeprefix(_VERBATIM).split("\n"))
            yield from (".fi", ".RE")
        else:
            yield _filled(one)


def _tagged(entries: Mapping[str, str]) -> Iterator[str]:
    """A list of terms, which are roff already, and texts."""
    for term, text in entries.items():
        yield from (".TP", term, _filled(text))


def _options(command: click.Command, context: click.Context) -> dict[str, str]:
    records = (one.get_help_record(context) for one in command.get_params(context))
    return {
        " ".join(map(_usage_word, names.split())): text
        for names, text in (record for record in records if record is not None)
        if names.startswith("-")  # what arguments are, the text says
    }


def _synopsis(command: click.Command, context: click.Context) -> str:
    pieces = " ".join(command.collect_usage_pieces(context)).split()
    return " ".join([_bold(context.command_path), *map(_usage_word, pieces)])


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    return click.Context(command, parent, info_name=name, **command.context_settings)


def _spoken_for(command: click.Command, context: click.Context) -> click.Command:
    """What the help of a command is about: for some groups, the command that need not be named."""
    if isinstance(command, DefaultGroup) and command.default not in command.list_commands(context):
        default = command.get_command(context, command.default)
        assert default is not None
        return default
    return command


def _below(command: click.Command, context: click.Context) -> Iterator[str]:
    """The commands below one, in its page."""
    if not isinstance(command, click.Group):
        return
    yield ".SH COMMANDS"
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None
        inner = _context(below, name, context)
        yield f'.SS "{_escaped(inner.command_path)}"'
        yield from (_synopsis(below, inner), ".PP")
        yield from _text(_paragraphs(below.help or ""))
        yield from _tagged(_options(below, inner))


def _page(command: click.Command, context: click.Context, name: str, short: str) -> Iterator[str]:
    """The page of a command, up to what only the first page has."""
    about = _spoken_for(command, context)
    paragraphs = _paragraphs(about.help or "")
    codes = [one for one in paragraphs if one.startswith(_EXIT_CODES)]
    yield _NOTICE
    yield f'.TH "{_escaped(name.upper())}" 1 "" "git\\-forensics {__version__}" "git\\-forensics"'
    yield from (".SH NAME", f"{_escaped(name)} \\- {_line(short.rstrip('.'))}")
    yield from (".SH SYNOPSIS", _synopsis(about, context))
    yield ".SH DESCRIPTION"
    yield from _text([one for one in paragraphs if one not in codes])
    yield ".SH OPTIONS"
    yield from _tagged(_options(about, context))
    if codes:
        yield ".SH EXIT STATUS"
        yield from _tagged(_by_code(codes[0]))


def _by_code(paragraph: str) -> dict[str, str]:
    """By exit code what it means: they are told as `0 this; 1 that.`"""
    told = " ".join(paragraph.split()).removeprefix(_EXIT_CODES).rstrip(".")
    parts = (part.partition(" ") for part in re.split(r"; (?=\d )", told))
    return {_bold(code): f"{meaning[:1].upper()}{meaning[1:]}." for code, _, meaning in parts}


def _see_also(*names: str) -> Iterator[str]:
    yield ".SH SEE ALSO"
    yield ",\n".join(f"{_bold(name)}(1)" for name in names)


def _of_command(command: click.Command, context: click.Context, short: str) -> Iterator[str]:
    yield from _page(command, context, context.command_path.replace(" ", "-"), short)
    yield from _below(command, context)
    yield from _see_also(_NAME)


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def command_page(command: click.Command, name: str, short: str) -> str:
    """The page of one command by its whole name, such as `forensics scan`."""
    return _joined(_of_command(command, _context(command, name, None), short))


def manual_pages() -> dict[str, str]:
    """The pages, by file name: the program's, and one for each of its commands."""
    root = _context(cli, _NAME, None)
    shorts = cli.shorts()
    pages: dict[str, Iterable[str]] = {
        f"{_NAME}.1": [
            *_page(cli, root, _NAME, "find every secret ever committed to a git repository"),
            ".SH COMMANDS",
            *_tagged({f"{_bold(f'{_NAME}-{name}')}(1)": shorts[name] for name in shorts}),
            ".SH ENVIRONMENT",
            *_tagged({_bold(name): text for name, text in ENVIRONMENT.items()}),
            ".SH FILES",
            *_tagged({f"\\fI{_escaped(name)}\\fR": text for name, text in _FILES.items()}),
            *_see_also("git"),
        ],
        f"git-{_NAME}.1": [f".so man1/{_NAME}.1"],
    }
    for name, short in shorts.items():
        command = cli.get_command(root, name)
        assert command is not None
        context = _context(command, name, root)
        first = f"{short[:1].lower()}{short[1:]}"
        pages[f"{_NAME}-{name}.1"] = _of_command(command, context, first)
    return {name: _joined(lines) for name, lines in pages.items()}
