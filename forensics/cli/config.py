"""`forensics config`"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli import completing
from forensics.cli.common import index_option, note, rule_ids, warn_of_forged_triage
from forensics.cli.gating import Gate, shipped_rules
from forensics.cli.policy import own_files_in, policy_options
from forensics.errors import NotARepository, UsageProblem
from forensics.settings.lookup import Lookup, look_up

if TYPE_CHECKING:
    from forensics.gate.asking import Asked
    from forensics.gate.policy import Policy
    from forensics.settings.file import UserFile

__all__ = ["command"]

_SEVERITIES = ("critical", "high", "medium", "low")
_INDENT = "  "


@click.group("config")
def command() -> None:
    """Check the forensics.toml that applies, and explain what it decides."""


@command.command("check")
@click.argument("path", type=click.Path(path_type=Path), default=".", metavar="[PATH]")
@policy_options
@click.option("--path", "file", metavar="FILE", help="Say what decides about a finding there.")
@click.option(
    "--rule", metavar="ID", shell_complete=completing.rule_ids,
    help="Say what decides about a finding of this rule.",
)  # fmt: skip
@click.option("--severity", type=click.Choice(_SEVERITIES), help="... of this severity.")
@click.option("--confidence", type=click.FloatRange(0, 1), help="... of this confidence.")
@click.option("--status", metavar="STATUS", help="... of this status, as forensics rotation says.")
@click.option(
    "--rules", "rule_files", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
    help="Rules of your own that the policy may name; repeat.",
)  # fmt: skip
@index_option
def check(
    path: Path,
    policy: Path | None,
    trusted: bool,
    file: str | None,
    rule: str | None,
    severity: str | None,
    confidence: float | None,
    status: str | None,
    rule_files: tuple[Path, ...],
    index: Path | None,
) -> None:
    """Say which forensics.toml applies to the repository at PATH (default: here) and why, check all
    of it, and say what its gate means, entry by entry. Where there is an index, also how many of
    its findings each entry decides.

    With --path, --rule and so on, say which entry would decide about such a finding.

    Exits with 0 if all is well, with 2 if something is wrong.
    """
    from forensics.gate.asking import Asked
    from forensics.lifecycle.status import STATUSES

    if status is not None and status not in STATUSES:
        raise UsageProblem(f"there is no status {status!r}", f"these are: {', '.join(STATUSES)}")
    found = look_up(policy, own_files_in(path, trusted=trusted), trusted=trusted)
    _print_places(found)
    if found.file is None:
        if file or rule:
            note("no forensics.toml applies, so every finding fails")
        return
    read = _checked(found.file)
    if read is None:
        click.echo("\nThere is no [gate] in it: every finding fails.")
        return
    gate = Gate(read)
    known = _rules(rule_files)
    counts = _count(gate, known, path, index)
    _print_policy(read, counts)
    if (file, rule, severity, confidence, status) != (None,) * 5:
        ids: Collection[str | None] = [None] if rule is None else sorted(rule_ids(rule, known))
        for one in ids:
            _print_answer(read, gate, Asked(file, one, severity, confidence, status))


def _print_places(found: Lookup) -> None:
    from forensics.report.text import printable

    click.echo("forensics.toml is looked for here, in this order:")
    width = max(len(one.place) for one in found.places)
    for one in found.places:
        click.echo(f"{_INDENT}{printable(one.place):<{width}}  {printable(one.outcome)}")


def _checked(file: UserFile) -> Policy | None:
    """The policy, once all sections are read."""
    from forensics.drift.overrides import Overrides
    from forensics.gate.reading import read_policy

    Overrides.of(file)
    policy = read_policy(file)
    if "tui" in file.sections:
        file.section("tui")
        note("[tui] is accepted, and nothing reads it yet")
    return policy


def _rules(files: tuple[Path, ...]) -> set[str]:
    from detectors.rule import read_rules

    return {*shipped_rules(), *(one.id for file in files for one in read_rules(file))}


def _count(gate: Gate, known: set[str], path: Path, index: Path | None) -> Mapping[int, int] | None:
    """How many findings of the index each entry decides, by number, 0 for none of them; None where
    there is no index."""
    from forensics.git.repository import open_repository
    from forensics.index.database import open_for_reading
    from forensics.index.location import index_path
    from forensics.index.reader import IndexReader
    from forensics.key import load_key

    try:
        home = open_repository(path).common_dir
    except NotARepository:
        home = None
    chosen = index_path(index, home, to_read=True)
    if chosen is None or not chosen.exists():
        if index is not None:
            raise UsageProblem(f"there is no index at {index}", "run `forensics scan` first")
        gate.know(lambda: known)
        gate.base(lambda: None if home is None else open_repository(path))
        return None
    key = load_key(create=False)
    with closing(open_for_reading(chosen, key)) as connection:
        warn_of_forged_triage(connection, key)
        reader = IndexReader(connection)
        known |= reader.rules()
        gate.know(lambda: known)
        bases = gate.bases(connection, key, reader.repositories())
        gate.judged(connection, None, reader.findings(), bases)
    return {0 if one is None else one.number: count for one, count in gate.tally().by_entry}


def _print_policy(policy: Policy, counts: Mapping[int, int] | None) -> None:
    from forensics.gate.asking import shadowed
    from forensics.gate.policy import Entry
    from forensics.report.gate import drift_words, entry_words

    def decided(number: int) -> str:
        if counts is None:
            return ""
        return f"  [{counts[number]:,} {'finding' if counts[number] == 1 else 'findings'}]"

    click.echo(
        "\nOf a finding that is neither ignored nor triaged away, the first that fits decides:"
    )
    for one in policy.entries:
        click.echo(f"{one.number:>4}  {entry_words(one)}{decided(one.number)}")
    click.echo(f"      {policy.default}: all others{decided(0)}")
    if policy.drift:
        click.echo("\nOf drift that is neither accepted nor meant to be:")
        for each in policy.drift:
            click.echo(f"{each.number:>4}  {drift_words(each)}")
        click.echo(f"      {policy.default}: all others")
    for later, earlier in shadowed(policy):
        kind = "gate.rules" if isinstance(later, Entry) else "gate.drift"
        note(
            f"entry {later.number} of [[{kind}]] never decides:"
            f" entry {earlier.number} fits all that it fits"
        )


def _print_answer(policy: Policy, gate: Gate, asked: Asked) -> None:
    from forensics.gate.asking import candidates
    from forensics.report.text import printable

    said = [
        f"{name} {printable(str(value))}"
        for name, value in zip(("in", "of", "severity", "confidence", "status"), asked, strict=True)
        if value is not None
    ]
    click.echo(f"\nA finding {', '.join(said)}:")
    for one in candidates(policy, gate.names, asked):
        if not one.open:
            click.echo(f"{_INDENT}entry {one.entry.number} decides: {one.entry.action}")
            return
        click.echo(
            f"{_INDENT}entry {one.entry.number} decides if its {' and '.join(one.open)}"
            f" {'holds' if len(one.open) == 1 else 'hold'}: {one.entry.action}; else"
        )
    click.echo(f"{_INDENT}the default decides: {policy.default}")
