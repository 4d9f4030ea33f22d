"""Where every command starts and every error ends."""

from __future__ import annotations

import errno
import gc
import importlib
import io
import os
import signal
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from detectors.errors import RuleError
from forensics.cli.default import command_path
from forensics.cli.version import version_options
from forensics.errors import ForensicsError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["cli", "run"]

_COMMANDS = {
    "scan": "Scan the whole history of repositories, or a folder, or standard input.",
    "findings": "List what the index knows.",
    "attest": "Prove that secrets are gone from a repository.",
    "show": "Show one secret's story.",
    "rotation": "Show what was rotated, and what only seems so.",
    "drift": "Show where environments differ, since when, and what became of it.",
    "inventory": "List configuration, CI pipelines and infrastructure.",
    "report": "Write a report of all secrets, as a page or as Markdown.",
    "triage": "Decide what is to happen with secrets.",
    "query": "Save queries by name, list and drop them.",
    "log": "Tell what happened, and verify that nobody changed it.",
    "retry": "Read again what could not be read.",
    "hook": "Refuse secrets before they are committed or pushed.",
    "rules": "List, show, check and import rules.",
    "config": "Check the forensics.toml that applies, and explain it.",
    "key": "Show, export or import the key that makes fingerprints.",
    "tui": "Browse an index in the terminal.",
    "doctor": "Check that all is in order here, and say what to do where not.",
    "completion": "Print the script that makes a shell complete commands.",
    "demo": "Build the example repository and scan it.",
}
"""Short helps, kept here so that `--help` imports no command."""
_AS_GITLEAKS = {
    "git": "Scan the history of a repository, or what is staged.",
    "dir": "Scan a file, or the files of a folder.",
    "stdin": "Scan standard input.",
    "detect": "Scan a repository, a folder or standard input.",
    "protect": "Scan changes that are not committed yet.",
}
_OTHER_NAMES = {"file": "dir", "directory": "dir"}

ERROR, INTERRUPTED = 2, 130
DETAILED, DETAILED_ERROR = "--detailed-exitcode", 1
"""With this option `forensics drift` ends as Terraform does, for which 2 is a difference."""
_ASKED_BY_A_SHELL = "_FORENSICS_COMPLETE"
_NAMELESS = dict.fromkeys((errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG), "standard output")
"""What cannot be written when the system names no file."""


class _Commands(click.Group):
    """Imports the module of a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_COMMANDS, *_AS_GITLEAKS]

    @staticmethod
    def shorts() -> Mapping[str, str]:
        """Short helps by command."""
        return _COMMANDS | _AS_GITLEAKS

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = _OTHER_NAMES.get(cmd_name, cmd_name)
        if name not in _COMMANDS and name not in _AS_GITLEAKS:
            return None
        room = "forensics.cli" if name in _COMMANDS else "forensics.cli.as_gitleaks"
        command: click.Command = importlib.import_module(f"{room}.{name}").command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        from click.shell_completion import CompletionItem

        return [
            *(
                CompletionItem(name, help=short)
                for name, short in self.shorts().items()
                if name.startswith(incomplete)
            ),
            *click.Command.shell_complete(self, ctx, incomplete),
        ]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))
        with formatter.section("Commands as gitleaks has them"):
            formatter.write_dl(list(_AS_GITLEAKS.items()))


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@version_options
def cli() -> None:
    """Find every secret ever committed to a git repository, and its story.

    Exit codes: 0 nothing found that is neither ignored nor triaged away; 1 secrets found; 2 wrong
    usage or an error; 3 nothing found, but something could not be read.
    """


def _fail(message: str) -> int:
    from forensics.report.text import printable

    click.echo(f"forensics: {printable(message)}", err=True)
    return _error()


def _error() -> int:
    """The exit code of an error, also of one that comes before the options are understood."""
    return DETAILED_ERROR if sys.argv[1:2] == ["drift"] and DETAILED in sys.argv else ERROR


def _unforeseen(error: Exception) -> str:
    """What may be said of an error that nobody expected: its own text could hold a secret."""
    import traceback

    from forensics.index.database import is_damage

    if is_damage(error):
        return "the index is damaged; move it away and scan again, or name another with --index"
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(last.filename)}:{last.lineno}"
    ask = "please report it, with what `forensics --version --verbose` prints"
    return f"unexpected {type(error).__name__} at {place}; {ask}"


def _open_what_is_closed() -> None:
    """A caller may have closed a standard stream; reading it then gives nothing, and what is
    written to it goes nowhere."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115  until the process ends


def _stop(number: int, _frame: object) -> None:
    """End on a signal as on any other way out, so that nothing stays behind."""
    sys.exit(128 + number)


def _give_up_output() -> None:
    """Keep the interpreter from trying to write what is left, and failing, as it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run() -> None:
    """Run the command line and leave with its exit code.

    Errors that a user can do something about end here, as one line.
    """
    # NumPy's linear algebra is not used, and its threads would spin for a while as it loads.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(100_000, 50, 100)  # a scan makes millions of objects and hardly a cycle
    _open_what_is_closed()
    # A terminal or pipe that lacks a character gets an escape for it, not a traceback.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) is signal.SIG_DFL:
            signal.signal(ending, _stop)
    if _ASKED_BY_A_SHELL in os.environ:
        importlib.import_module("forensics.cli.completion")
    try:
        code = cli.main(prog_name="forensics", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Abort:
        code = INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        code = _error()
    except click.UsageError as error:
        where = command_path(error.ctx) if error.ctx else "forensics"
        said = error.format_message().replace("\n\t", " ").rstrip(".")
        code = _fail(f"{said}. Try '{where} --help'.")
    except click.ClickException as error:
        code = _fail(error.format_message())
    except ForensicsError as error:
        code = _fail(str(error))
    except RuleError as error:
        code = _fail(str(error))
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        _give_up_output()  # whoever read it has seen enough
        code = 0
    except OSError as error:
        # What a command can say more about, it has said in an error of its own.
        what = (
            os.fsdecode(error.filename) if error.filename else _NAMELESS.get(error.errno or 0, "")
        )
        code = _fail(f"{what}{what and ': '}{error.strerror}; check permissions and free space")
        _give_up_output()
    except MemoryError:
        code = _fail("out of memory; try fewer --jobs")
    except Exception as error:
        code = _fail(_unforeseen(error))
    try:
        sys.stderr.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    sys.exit(code if isinstance(code, int) else 0)
