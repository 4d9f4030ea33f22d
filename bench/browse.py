"""How long those who browse a large index wait.

    python -m bench.large_index 40000 browse.db 1000000
    python -m bench.browse browse.db

Makes up neither index nor key: both have to be the ones that `large_index.py` used.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from forensics.index.browse.browser import Browser
from forensics.index.browse.facets import FACETS
from forensics.index.browse.names import Known
from forensics.index.browse.order import ORDERS, Order
from forensics.index.database import open_for_reading
from forensics.key import load_key
from forensics.query.parse import parse

__all__ = ["main"]

_ROWS = 64
_QUERIES = (
    "",
    "sev:>=high state:open",
    "-path:**/test/**,tests",
    "path:deploy author:p12",
    "rule:vendor1* seen:<4000d",
    "status:present live:yes repo:large-2",
    "first:2016..2018 sightings:>20",
    '"settings"',
    "new:#20000",
)


def _timed(label: str, times: int, ask: Callable[[], object], budget: float) -> None:
    """One line: median, 95th percentile and worst of some times, in milliseconds."""
    took: list[float] = []
    for _ in range(times):
        started = time.perf_counter()
        ask()
        took.append((time.perf_counter() - started) * 1000)
    took.sort()
    at_95 = took[min(times - 1, times * 95 // 100)]
    late = "" if at_95 <= budget else f"  over {budget:.0f}"
    print(f"{label:50} {took[times // 2]:7.1f} {at_95:7.1f} {took[-1]:7.1f}{late}")


def _jump(browser: Browser) -> Callable[[], object]:
    """Shows the rows of a page anywhere."""
    vector = browser.vector(parse(""), Order("last"))
    made = random.Random(0)  # noqa: S311  only which pages are looked at

    def ask() -> object:
        start = made.randrange(len(vector))
        return browser.rows(vector[start : start + _ROWS])

    return ask


def main(index: Path) -> None:
    """Print how long everything takes."""
    key = load_key(create=False)
    started = time.perf_counter()
    browser = Browser(open_for_reading(index, key), Known(_environment))
    browser.first(parse(""), Order(), _ROWS)
    print(f"opened, first page: {(time.perf_counter() - started) * 1000:.0f} ms")
    print(f"{'ms':50} {'median':>7} {'at 95%':>7} {'worst':>7}")
    _timed("rows of any page", 1000, _jump(browser), 50)
    for order in ORDERS:
        _timed(f"all ids, by {order}", 5, partial(browser.vector, parse(""), Order(order)), 200)
    for text in _QUERIES:
        query, shown = parse(text), text or "(everything)"
        _timed(f"first page: {shown}", 9, partial(browser.first, query, Order(), _ROWS), 50)
        _timed(f"  all ids: {shown}", 5, partial(browser.vector, query, Order("last")), 200)
        for field in FACETS:
            ask = partial(browser.facet, query, field, most=12)
            _timed(f"    facet {field}: {shown}", 5, ask, 200)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory of the process at its peak: {peak:.0f} MB")


def _environment(path: bytes) -> str:
    """As places tell, without what takes long: this is not what is measured here."""
    return {b"prod": "prod", b"staging": "staging"}.get(path.split(b"/")[1], "")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
