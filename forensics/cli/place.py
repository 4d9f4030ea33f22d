"""Repositories as they are named on the command line: by paths, and by addresses of others."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forensics.errors import UsageProblem
from forensics.key import cache_folder

if TYPE_CHECKING:
    from forensics.git.address import Address

__all__ = ["Place", "ScanPlace", "brought"]


def _address(value: Any) -> Address | None:
    if not isinstance(value, str) or not any(mark in value for mark in ("://", "::", "@")):
        return None
    from forensics.git.address import address_in

    return address_in(value)


class Place(click.Path):
    """A path; of an address, that of the mirror which a scan made."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """A `Path`.

        Raises:
            UsageProblem: it is an address that was not scanned, or none to scan.
        """
        address = _address(value)
        if address is None:
            return super().convert(value, param, ctx)
        from forensics.git.mirror import mirror_at

        mirror = mirror_at(cache_folder(), address)
        if not mirror.is_dir():
            raise UsageProblem(f"{address.shown} was not scanned", "`forensics scan` it first")
        return mirror


class ScanPlace(Place):
    """A path, or an address."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """A `Path` or an `Address`."""
        return _address(value) or super().convert(value, param, ctx)


def brought(places: Iterable[Path | Address], how: str) -> list[Path]:
    """The paths; of addresses, those of their mirrors, which are brought up to date.

    Args:
        places: as `ScanPlace` gives them.
        how: how progress is shown, see `watching`.

    Raises:
        GitFailed, ScanRunning, UsageProblem: a mirror cannot be brought up to date.
    """
    found: list[Path] = []
    for one in places:
        if isinstance(one, Path):
            found.append(one)
            continue
        from forensics.cli.progress import watching
        from forensics.git.mirror import bring_up

        with watching(how) as observer:
            found.append(bring_up(cache_folder(), one, observer.phase))
    return found
