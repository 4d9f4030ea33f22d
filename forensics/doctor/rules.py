"""Compiled rules in the cache, which only a file with the seal of the user's key counts for."""

from __future__ import annotations

import os
from collections.abc import Iterator

from detectors.sealed import read_sealed
from forensics.doctor.check import Check, ok, warning
from forensics.key import Key, cache_folder
from forensics.scan.setup import setup_for

__all__ = ["rules_checks"]

_AREA = "rules"


def rules_checks(key: Key) -> Iterator[Check]:
    """Whether what is kept there is the user's own, and how much of it can be used."""
    setup = setup_for(key, cache_folder())
    assert setup.cache is not None
    # What ends in a number is being written, or was when its process ended.
    kept = [
        one for one in setup.cache.glob("*") if one.is_file() and not one.suffix[1:].isdecimal()
    ]
    if not kept:
        yield ok(_AREA, f"none compiled yet; the next scan keeps them in {setup.cache}")
        return
    if any(one.stat().st_uid != os.geteuid() for one in kept):
        yield warning(
            _AREA,
            f"files in {setup.cache} belong to another user",
            f"delete {setup.cache}: the next scan makes it anew",
        )
        return
    usable = sum(read_sealed(one, setup.cache_key) is not None for one in kept)
    size = sum(one.stat().st_size for one in kept) / (1 << 20)
    found = f"{usable:,} of {len(kept):,} files in {setup.cache} carry the seal of your key"
    yield ok(_AREA, f"{found}, others are not used; {size:,.0f} MiB, may be deleted")
