"""A report as one page of HTML that asks no network for anything, piece by piece."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from importlib.resources import files

from forensics import __version__
from forensics.report.dossier.chart import chart, legend, symbols
from forensics.report.dossier.gathered import MEANING, Gathered, Row
from forensics.report.dossier.html import Content, Html, cut, element, joined, opening, unescaped
from forensics.report.dossier.secret import secret_section
from forensics.report.dossier.words import LIMITS, headline, moment_date
from forensics.report.text import iso_date

__all__ = ["html_page"]

_OPEN = 5
"""Secrets whose stories are open when the page is."""
_SEVERITIES = ("critical", "high", "medium", "low")
_HEADS = (
    "Secret", "Status", "Severity", "Rule", "Where", "Since", "Days", "Places now", "Releases",
    "People",
)  # fmt: skip
_NUMBERS = frozenset(_HEADS[6:])


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


def _digest(text: str) -> str:
    """How a policy names the one style or script that may be used."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def html_page(gathered: Gathered) -> Iterator[str]:
    """The page, in pieces to write one after another."""
    yield "<!doctype html>\n"
    yield opening("html", lang="en")
    yield _head(gathered)
    yield "\n<body>\n"
    yield from _top(gathered)
    if gathered.rows:
        yield from _chart(gathered)
        yield from _table(gathered)
        yield from _sections(gathered)
    made = f"Written by git-forensics {__version__}."
    yield element("footer", element("p", LIMITS), element("p", made))
    yield unescaped("script", _asset("page.js"))
    yield "\n</body></html>\n"


def _names(gathered: Gathered) -> list[str]:
    return [cut(one) for one in gathered.scope.repositories.values()]


def _title(gathered: Gathered) -> str:
    names = _names(gathered)
    if len(names) != 1:
        return f"Secrets in {len(names):,} repositories"
    return f"Secrets in {names[0].removesuffix('/').removesuffix('/.git').rpartition('/')[2]}"


def _head(gathered: Gathered) -> Html:
    style, script = _asset("page.css"), _asset("page.js")
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)};"
        " base-uri 'none'; form-action 'none'"
    )
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", _title(gathered)),
        unescaped("style", style),
    )


def _top(gathered: Gathered) -> Iterator[Html]:
    scope = gathered.scope
    names = joined((element("code", element("bdi", name)) for name in _names(gathered)[:20]), ", ")
    more = len(gathered.scope.repositories) - 20
    yield element(
        "header",
        element("h1", element("bdi", _title(gathered))),
        element(
            "p", names, f" and {more:,} more" if more > 0 else None,
            f" · as of {(iso_date(scope.now, 0) or '')[:16].replace('T', ' ')} UTC", class_="soft",
        ),
        element("p", f"Only {scope.selection}.", class_="soft") if scope.selection else None,
        element("p", headline(gathered), class_="lead"),
    )  # fmt: skip
    if scope.gaps:
        lines = [element("p", gap) for gap in scope.gaps]
        yield element("div", *lines, class_="gaps", role="note")
    if gathered.rows:
        yield element("ul", *(_count(gathered, name) for name in MEANING), class_="counts")


def _count(gathered: Gathered, status: str) -> Html:
    count = gathered.counts[status]
    return element(
        "li", element("b", count), status, element("span", MEANING[status]),
        class_=status if count else f"{status} none",
    )  # fmt: skip


def _chart(gathered: Gathered) -> Iterator[Html]:
    yield element("h2", "Exposure over time")
    yield symbols()
    yield legend()
    yield from chart(gathered)
    if len(gathered.told) < gathered.total:
        yield _left_out(gathered, "drawn")


def _left_out(gathered: Gathered, done: str) -> Html:
    return element(
        "p", f"The worst {len(gathered.told):,} of {gathered.total:,} secrets are {done} here;"
        " --most takes more, --rule, --status and --secret choose others.", class_="more",
    )  # fmt: skip


def _choice(name: str, label: str, values: tuple[str, ...]) -> Html:
    options = [element("option", one, value=one) for one in values]
    chosen = element("select", element("option", "all", value=""), *options, id=name)
    return element("label", label, chosen)


def _table(gathered: Gathered) -> Iterator[Html]:
    yield element("h2", "All secrets")
    text = element("input", id="text", type="search", autocomplete="off")
    yield element(
        "div",
        element("label", "Words", text, class_="text"),
        _choice("status", "Status", tuple(MEANING)),
        _choice("severity", "Severity", _SEVERITIES),
        element("span", id="count", role="status", class_="soft"),
        id="filters", class_="filters", hidden=True,
    )  # fmt: skip
    yield opening("div", class_="scroll", tabindex=0, role="region", aria_label="All secrets")
    yield opening("table", id="all")
    heads = [
        element("th", name, scope="col", class_="number" if name in _NUMBERS else None)
        for name in _HEADS
    ]
    yield element("thead", element("tr", *heads))
    yield opening("tbody")
    for number, row in enumerate(gathered.rows, 1):
        yield _row(number, row, told=number <= len(gathered.told))
        yield Html("\n")
    yield Html("</tbody></table></div>")
    if len(gathered.rows) < gathered.total:
        yield element(
            "p", f"The worst {len(gathered.rows):,} of {gathered.total:,} secrets are in this"
            " table; `forensics rotation` lists all.", class_="more",
        )  # fmt: skip


def _row(number: int, row: Row, *, told: bool) -> Html:
    name = joined((element("code", row.preview), f" #{row.secret[:8]}"))
    link: Content = element("a", name, href=f"#secret-{number}") if told else name
    doubt = element("span", "?", title="uncertain") if row.uncertain else None
    since = "" if row.since is None else moment_date(row.since, row.since_offset)
    ranks = list(MEANING).index(row.status), _SEVERITIES.index(row.severity)
    figures = (
        ("" if row.days is None else f"{row.days:,}", -1 if row.days is None else row.days),
        (f"{row.present:,} of {row.places:,}", row.present),
        (f"{row.releases:,}", row.releases),
        (f"{row.people:,}", row.people),
    )
    return element(
        "tr",
        element("th", link, scope="row"),
        element("td", element("span", row.status, class_=f"status {row.status}"), doubt,
                data_v=ranks[0]),
        element("td", row.severity, data_v=ranks[1]),
        element("td", row.rule),
        element("td", element("code", element("bdi", cut(row.where, 160)))),
        element("td", since, data_v=row.since or 0),
        *(element("td", text, data_v=value, class_="number") for text, value in figures),
        data_status=row.status, data_severity=row.severity,
    )  # fmt: skip


def _sections(gathered: Gathered) -> Iterator[str]:
    yield element("h2", "Each secret")
    for number, case in enumerate(gathered.told, 1):
        yield secret_section(gathered, number, case, open_=number <= _OPEN)
        yield "\n"
    if len(gathered.told) < gathered.total:
        yield _left_out(gathered, "told")
