"""`forensics attest`"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from forensics.cli.common import key_with_notice, note
from forensics.cli.place import Place
from forensics.errors import UsageProblem

if TYPE_CHECKING:
    from forensics.git.repository import Repository
    from forensics.key import Key
    from forensics.scan.attested import Attestation
    from forensics.scan.known import KnownValue
    from forensics.scan.setup import ScannerSetup

__all__ = ["command"]

STILL_THERE, INCOMPLETE = 1, 3
_PARTLY = ", parts of which could not be read"
_FORMATS = ("text", "json", "markdown")


class _Attest(click.Group):
    """What is no command below this one is the start of a report's arguments."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in (*self.commands, *ctx.help_option_names):
            args.insert(0, "report")
        return super().parse_args(ctx, args)


@click.group("attest", cls=_Attest, short_help="Prove that secrets are gone from a repository.")
def command() -> None:
    """Prove that secrets are gone from a repository, or show where they still stand.

    `forensics attest ...` without a command below it is `forensics attest report ...`.

    Exit codes: 0 all are gone; 1 something is still there, or a signature is not right; 3 gone as
    far as read, but something could not be read; 2 wrong usage.
    """


@command.command("report")
@click.argument("secrets", nargs=-1, metavar="[SECRET]...")
@click.option(
    "-C", "repository", type=Place(), default=".", metavar="PATH",
    help="The repository to look into. Default: here.",
)  # fmt: skip
@click.option(
    "--before", type=Place(), metavar="CLONE",
    help="A clone made before the rewrite; its secrets are looked for.",
)  # fmt: skip
@click.option(
    "--values", type=click.File("rb"), metavar="FILE",
    help="Values to look for, one a line; - for standard input; base64:... for any bytes.",
)  # fmt: skip
@click.option(
    "-f", "--format", "output_format", type=click.Choice(_FORMATS), default="text",
    show_default=True, help="How to write the report.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Write the report here; a file that is there is not overwritten.",
)  # fmt: skip
@click.option(
    "--sign", "signing_key", type=click.Path(path_type=Path), metavar="KEY",
    help="Sign the report with this SSH key, into FILE.sig.",
)  # fmt: skip
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="Processes. Default: one a core.")
def report(
    secrets: tuple[str, ...],
    repository: Path,
    before: Path | None,
    values: BinaryIO | None,
    output_format: str,
    output: Path | None,
    signing_key: Path | None,
    jobs: int | None,
) -> None:
    """Look for secrets in every object of a repository, and say where they stand or that they are
    gone.

    SECRET is the start of a fingerprint, as `forensics findings` shows it in the earlier clone;
    without any, all of its secrets are looked for. Without values, the detectors look.
    """
    _check_wishes(secrets, before, values is not None, output, signing_key)
    from forensics.cli.progress import watching
    from forensics.git.repository import open_repository
    from forensics.key import cache_folder
    from forensics.report.attestation import as_json, as_markdown, as_text
    from forensics.scan.attest import attest
    from forensics.scan.known import given_values
    from forensics.scan.setup import setup_for

    key = key_with_notice()
    setup = setup_for(key, cache_folder())
    opened = open_repository(repository, alternates=True)
    known: list[KnownValue] | None = None
    unread: list[str] = []
    source = ""
    if values is not None:
        known, source = given_values(values, key), "a list"
    elif before is not None:
        known, unread, source = _from_clone(before, secrets, key, setup, jobs or 0)
    with watching() as observer:
        made = attest(
            opened, known, unread, key, setup,
            values_from=source, jobs=jobs or 0, observer=observer,
        )  # fmt: skip
    writers = {"text": as_text, "json": as_json, "markdown": as_markdown}
    _write(writers[output_format](made), output, signing_key)
    _leave(made)


def _check_wishes(
    secrets: tuple[str, ...],
    before: Path | None,
    values: bool,
    output: Path | None,
    signing_key: Path | None,
) -> None:
    if before is not None and values:
        raise UsageProblem("--before and --values exclude each other", "give one of them")
    if secrets and before is None:
        raise UsageProblem(
            "a fingerprint does not tell its value", "name a clone that has it with --before"
        )
    if signing_key is not None and output is None:
        raise UsageProblem("only a file can be signed", "name one with --output")
    if signing_key is not None and not signing_key.is_file():
        raise UsageProblem(f"there is no key file {signing_key}", "name an SSH key")
    if output is not None and output.exists():
        raise UsageProblem(f"{output} is there already", "name another file")


def _from_clone(
    clone: Path, secrets: tuple[str, ...], key: Key, setup: ScannerSetup, jobs: int
) -> tuple[list[KnownValue], list[str], str]:
    """The values of an earlier clone: of its index, and where that does not know all that is there
    now, of a scan in memory too."""
    from forensics.cli.progress import watching
    from forensics.git.repository import open_repository
    from forensics.index.database import in_memory
    from forensics.scan.engine import scan_repository
    from forensics.scan.known import values_from

    opened = open_repository(clone)
    values, unread, source, current = _from_index(opened, secrets, key, setup)
    if current:
        return values, unread, source
    with closing(in_memory(key)) as connection:
        with watching() as observer:
            summary = scan_repository(opened, connection, key, setup, jobs=jobs, observer=observer)
        try:
            found, lost = values_from(connection, summary.repository, opened, setup, key, secrets)
        except UsageProblem:
            if not source:
                raise
            found, lost = [], []  # only the index knows them
    known = {one.fingerprint: one for one in (*values, *found)}
    unread = [*(one for one in unread if one not in known), *lost]
    source = f"{source} and a scan of it" if source else "a scan of an earlier clone"
    return list(known.values()), unread, f"{source}{'' if summary.complete else _PARTLY}"


def _from_index(
    opened: Repository, secrets: tuple[str, ...], key: Key, setup: ScannerSetup
) -> tuple[list[KnownValue], list[str], str, bool]:
    """The values that the index of a clone tells of, those of which could not be read, where they
    are from, and whether that index knows all that is there now; nothing without an index."""
    import os

    from forensics.index.database import open_for_reading
    from forensics.index.location import index_path
    from forensics.index.reader import IndexReader
    from forensics.index.writer import repository_mark
    from forensics.scan.engine import is_current
    from forensics.scan.known import values_from

    file = index_path(None, opened.common_dir, to_read=True)
    if file is None or not file.exists():
        return [], [], "", False
    with closing(open_for_reading(file, key)) as connection:
        reader = IndexReader(connection)
        row = reader.repository(repository_mark(key, os.fsencode(opened.home)))
        if row is None:
            return [], [], "", False
        current = is_current(opened, connection, key, row)
        try:
            values, unread = values_from(connection, row, opened, setup, key, secrets)
        except UsageProblem:
            if current:
                raise
            return [], [], "", False
        whole = not current or reader.complete(key)
        return values, unread, f"the index of an earlier clone{'' if whole else _PARTLY}", current


def _write(text: str, output: Path | None, signing_key: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UsageProblem(f"{output}: {error.strerror}", "name another file") from None
    if signing_key is not None:
        from forensics.report.signature import sign

        note(f"the report is in {output}, its signature in {sign(output, signing_key)}")
    else:
        note(f"the report is in {output}")


def _leave(made: Attestation) -> None:
    if made.still_there:
        raise click.exceptions.Exit(STILL_THERE)
    if made.skipped:
        raise click.exceptions.Exit(INCOMPLETE)


@command.command("verify")
@click.argument("report_file", type=click.Path(path_type=Path), metavar="REPORT")
@click.option(
    "--allowed-signers", type=click.Path(path_type=Path), required=True, metavar="FILE",
    help="Who may sign, as ssh-keygen has it: a name and a public key a line.",
)  # fmt: skip
@click.option(
    "--signature", type=click.Path(path_type=Path), metavar="FILE",
    help="The signature. Default: REPORT.sig.",
)  # fmt: skip
def verify_report(report_file: Path, allowed_signers: Path, signature: Path | None) -> None:
    """Verify the signature of a report. Nothing is asked over a network."""
    from forensics.report.signature import signature_of, verify

    signer = verify(report_file, signature or signature_of(report_file), allowed_signers)
    if signer is None:
        note(f"no allowed signer signed {report_file} as it is now")
        raise click.exceptions.Exit(STILL_THERE)
    from forensics.report.text import printable

    click.echo(printable(f"{report_file} is as {signer} signed it"))
