"""Acme's everyday work: small commits that leak nothing."""

from __future__ import annotations

from collections.abc import Iterator

from fixtures_repos.acme.company import Company
from fixtures_repos.builder import ADA, BEN, CLEO, DAN

__all__ = ["Routine"]

_CARRIERS = ("northpost", "swiftvan", "blueline", "cargobee", "portside", "hillway")
_ROUTES = ("parcels", "events", "carriers", "returns", "labels", "depots", "quotes")
_FIXES = (
    ("Retry a carrier that answers 502", "retry"),
    ("Do not count a returned parcel as delivered", "returned"),
    ("Parse dates without a zone as local to the depot", "dates"),
    ("Keep the order of events with equal times", "order"),
    ("Close the connection when a webhook times out", "timeout"),
    ("Escape the reference in label file names", "labels"),
    ("Answer 404 for a parcel of another customer", "other_customer"),
    ("Round weights to grams", "weights"),
    ("Accept lower-case tracking numbers", "lower_case"),
    ("Show the depot's opening hours on Sundays", "sundays"),
)


def _carrier(company: Company, name: str) -> str:
    company.add(
        f"parcels/carriers/{name}.py",
        f'"""Tracking events of {name.title()}."""\n\n'
        "from parcels.http import get_json\n\n"
        f'BASE = "https://api.{name}.example/v2"\n\n\n'
        "def events(number: str) -> list[dict[str, str]]:\n"
        '    """What the carrier says of one parcel, oldest first."""\n'
        '    return sorted(get_json(f"{BASE}/track/{number}"), key=lambda event: event["at"])\n',
    )
    company.add(
        "parcels/carriers/__init__.py", f"from parcels.carriers import {name}  # noqa: F401\n"
    )
    return f"Track parcels of {name.title()}"


def _route(company: Company, name: str) -> str:
    company.add(
        "parcels/api.py",
        f'\n\n@app.get("/{name}")\ndef list_{name}(limit: int = 50) -> list[dict[str, str]]:\n'
        f'    """The newest {name} of the customer who asks."""\n'
        f'    return store.newest("{name}", customer=current_customer(), limit=limit)\n',
    )
    return f"Serve /{name}"


def _test(company: Company, name: str) -> str:
    company.add(
        f"tests/test_{name}.py",
        f"def test_{name}_are_listed_newest_first(client):\n"
        f'    listed = client.get("/{name}").json()\n'
        '    assert listed == sorted(listed, key=lambda row: row["at"], reverse=True)\n',
    )
    return f"Test the order of /{name}"


def _fix(company: Company, told: str, name: str) -> str:
    company.add("CHANGELOG.md", f"- {told}.\n")
    company.add(
        "tests/test_regressions.py", f"\n\ndef test_{name}(replay):\n    replay('{name}.json')\n"
    )
    company.put(f"tests/recordings/{name}.json", f'{{"case": "{name}", "status": 200}}\n')
    return told


class Routine:
    """An endless supply of everyday commits, always in the same order."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._authors = self._turns()
        self._work = self._all_work()

    def go_on(self, commits: int, *, days: float = 11) -> None:
        """Let this many everyday commits happen."""
        for _ in range(commits):
            self._company.commit(next(self._work), next(self._authors), days=days)

    @staticmethod
    def _turns() -> Iterator[bytes]:
        while True:
            yield from (BEN, CLEO, BEN, ADA, DAN, CLEO)

    def _all_work(self) -> Iterator[str]:
        company = self._company
        for at, (told, name) in enumerate(_FIXES):
            if at < len(_CARRIERS):
                yield _carrier(company, _CARRIERS[at])
            if at < len(_ROUTES):
                yield _route(company, _ROUTES[at])
            yield _fix(company, told, name)
            if at < len(_ROUTES):
                yield _test(company, _ROUTES[at])
        number = 0
        while True:
            number += 1
            company.put("requirements.lock", f"fastapi==0.{100 + number}.0\nhttpx==0.27.{number}\n")
            yield f"Upgrade dependencies, round {number}"
