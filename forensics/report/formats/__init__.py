"""Reports for other programs, by the names that `--format` and `--report` take."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, cast

from forensics.report.formats.report import Report, make_report

__all__ = ["FORMATS", "Format", "make_report", "written"]


class Format(NamedTuple):
    """A format, and what it needs that costs something to find out."""

    module: str
    """Below this package; it has a `pieces`, which gives the text piece by piece."""
    messages: bool = False
    """Whether it shows commit messages."""
    provenance: bool = False
    """Whether it says where a repository came from."""


FORMATS: Mapping[str, Format] = {
    "csv": Format("as_csv"),
    "sarif": Format("sarif", provenance=True),
    "junit": Format("junit"),
    "gitleaks": Format("gitleaks", messages=True),
    "gitleaks-csv": Format("gitleaks_csv", messages=True),
    "github": Format("github"),
    "gitlab": Format("gitlab", messages=True),
    "defectdojo": Format("defectdojo"),
    "markdown": Format("markdown"),
}


def written(name: str, report: Report) -> Iterator[str]:
    """A report in a format, piece by piece."""
    module = importlib.import_module(f"{__name__}.{FORMATS[name].module}")
    return cast(Callable[[Report], Iterator[str]], module.pieces)(report)
