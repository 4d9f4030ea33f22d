"""`forensics scan`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forensics.cli.baseline import check_baseline_wish
from forensics.cli.common import index_option, leave
from forensics.cli.limits import LIMITS, limit_options
from forensics.cli.lists import list_options
from forensics.cli.place import ScanPlace, brought
from forensics.cli.policy import one_path, own_files_in, policy_options
from forensics.cli.prepare import prepare
from forensics.cli.reports import Asked, format_options
from forensics.cli.scan_new import New, new_options
from forensics.cli.scan_run import How, ScanRun
from forensics.errors import UsageProblem

if TYPE_CHECKING:
    from forensics.git.address import Address

__all__ = ["command"]


@click.command("scan", short_help="Scan the whole history of repositories.")
@click.argument("paths", nargs=-1, type=ScanPlace(), metavar="[PATH|URL]...")
@index_option
@click.option("--dir", "as_folder", is_flag=True, help="Scan PATH as a folder, not as git.")
@click.option("--stdin", "as_stream", is_flag=True, help="Scan standard input.")
@new_options
@format_options
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="Processes. Default: one a core.")
@list_options
@policy_options
@click.option(
    "--write-secrets-baseline", "new_baseline", type=click.Path(path_type=Path), metavar="FILE",
    help="Write what stands in files now as a .secrets.baseline of detect-secrets.",
)  # fmt: skip
@click.option(
    "--unsalted-hashes", is_flag=True, help="Accept that such a baseline holds unsalted hashes."
)
@limit_options
@click.option(
    "--progress", type=click.Choice(("auto", "lines")), default="auto", show_default=True,
    help="On standard error: a bar on a terminal, or lines of JSON for programs.",
)  # fmt: skip
@click.option(
    "--alternates", is_flag=True, help="Also scan borrowed objects that no ref here reaches."
)
def command(
    paths: tuple[Path | Address, ...],
    index: Path | None,
    as_folder: bool,
    as_stream: bool,
    jobs: int | None,
    progress: str,
    policy: Path | None,
    trusted: bool,
    new_baseline: Path | None,
    unsalted_hashes: bool,
    alternates: bool,
    **options: Any,
) -> None:
    """Scan every object of each repository at PATH (default: here) into its index, place each
    finding in history, and list what was found.

    What is at a URL (https, ssh, file, git@host:path) is fetched into a mirror in your cache, the
    next time only what is new there; other commands take the same URL.

    A second scan reads only what is new. With other rules than the last one's it reads everything
    again, and what they do not find leaves the index. Results of a folder or of standard input are
    kept only where --index names a file; what a range, the next commit or changed files introduce
    is told and not kept.

    What a mark beside it (forensics:allow, gitleaks:allow ...) or one of the files named ignores is
    counted and listed as ignored. Files for that inside a repository count only if they are named
    or trusted here.
    """
    if as_stream and (paths or as_folder):
        raise UsageProblem("--stdin takes neither a PATH nor --dir", "give one of them")
    if as_folder and not all(isinstance(one, Path) for one in paths):
        raise UsageProblem("--dir takes no URL", "name a folder")
    targets = brought(paths, progress) or [Path()]
    told = Asked.taken_from(options)
    others = {
        "--dir": as_folder, "--stdin": as_stream,
        "--write-secrets-baseline": new_baseline is not None,
    }  # fmt: skip
    new = New.taken_from(options).wanted(targets, [name for name, given in others.items() if given])
    if new_baseline is not None:
        check_baseline_wish(new_baseline, unsalted_hashes, len(targets), as_stream)
    one_path(targets, trusted)
    own = own_files_in(targets[0], as_folder, as_stream, trusted)
    limits = {name: options.pop(name) for name in LIMITS}
    ready = prepare(options, own, policy, trusted, **limits)
    how = How(index, as_folder, as_stream, new, jobs or 0, alternates, new_baseline, progress)
    run = ScanRun(ready, how, told)
    for target in targets:
        run.scan(target)
    run.end()
    leave(run.failing, run.complete)
