"""What gitleaks' flags mean here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

from forensics.cli.as_gitleaks.options import (
    ALL_OF_IT,
    CONFIG_VARIABLE,
    FORMATS,
    LEVELS,
    NO_TEMPLATES,
    TOML_VARIABLE,
)
from forensics.cli.common import note
from forensics.cli.lists import IGNORE_FILE
from forensics.cli.reports import Asked
from forensics.errors import UsageProblem

__all__ = ["Flags"]

_BY_ENDING = {".json": "json", ".csv": "csv", ".sarif": "sarif"}
_MEGABYTE = 1_000_000
_STDOUT = "-"


class Flags(NamedTuple):
    """What the flags say."""

    told: Asked
    """The report."""
    lists: dict[str, Any]
    """As `forensics.cli.prepare.prepare` takes them."""
    setup: dict[str, Any]
    """As `forensics.scan.setup.setup_for` takes them."""
    named_files: frozenset[Path]
    """Configuration and baseline, which are no findings themselves."""
    verbose: bool
    level: int
    """From 0 for everything to 6 for nearly nothing."""
    exit_code: int
    wholly: bool
    """Whether nothing at all of a value is shown."""
    timeout: int
    policy: Path | None
    trusted: bool

    @classmethod
    def of(
        cls,
        *,
        verbose: bool,
        no_color: bool,
        no_banner: bool,
        log_level: str,
        report_path: str | None,
        report_format: str | None,
        config: Path | None,
        ignore_path: Path | None,
        baseline: Path | None,
        enabled: tuple[str, ...],
        no_marks: bool,
        redact: int | None,
        exit_code: int,
        decode_depth: int,
        archive_depth: int,
        megabytes: int,
        timeout: int,
        policy: Path | None,
        trusted: bool,
    ) -> Flags:
        """Understand them.

        Raises:
            UsageProblem: the report cannot be written.
        """
        del no_color, no_banner
        level = LEVELS.index(log_level)
        if redact is not None and redact < ALL_OF_IT and level <= LEVELS.index("info"):
            note(f"--redact={redact} shows no more: values are always redacted")
        toml = ""
        if config is None and (named := os.environ.get(CONFIG_VARIABLE)):
            config = Path(named)
        elif config is None:
            toml = os.environ.get(TOML_VARIABLE, "")
        told = _report(report_path, report_format)
        files = frozenset(one.resolve() for one in (config, baseline) if one is not None)
        rules = tuple(one.strip() for word in enabled for one in word.split(",") if one.strip())
        lists = {
            "config": config, "config_text": toml, "ignore_path": _ignore_path(ignore_path),
            "baseline": baseline, "enabled": rules,
            "rule_files": (), "disabled": (), "plugins": (), "no_plugins": (),
        }  # fmt: skip
        setup = {
            "decode_depth": decode_depth, "archive_depth": archive_depth,
            "marks": not no_marks, "most_bytes": megabytes * _MEGABYTE or None,
        }  # fmt: skip
        return cls(
            told, lists, setup, files, verbose, level, exit_code,
            redact == ALL_OF_IT, timeout, policy, trusted,
        )  # fmt: skip

    def says(self, level: str) -> bool:
        """Whether what is of that level is said."""
        return self.level <= LEVELS.index(level)


def _ignore_path(path: Path | None) -> Path | None:
    """A folder need not have the file."""
    if path is not None and path.is_dir() and not (path / IGNORE_FILE).exists():
        return None
    return path


def _report(path: str | None, called: str | None) -> Asked:
    """What to write, and where."""
    if called == "template":
        raise UsageProblem(
            NO_TEMPLATES, f"choose -f {', '.join(FORMATS)}"
        )  # fmt: skip
    if not path:
        return Asked("table", (), deterministic=False)
    called = called or _BY_ENDING.get(Path(path).suffix.lower())
    if called is None:
        raise UsageProblem(
            f"{path} does not say which format it is to have",
            f"give -f: one of {', '.join(FORMATS)}",
        )
    if path == _STDOUT:
        return Asked(FORMATS[called], (), deterministic=False)
    return Asked.of("table", (f"{FORMATS[called]}={path}",), deterministic=False)
