"""One secret on a page: the story that `forensics show` tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forensics.index.life import LifeEvent, LifePlace
from forensics.index.stored_facts import stored_facts
from forensics.lifecycle.case import Case
from forensics.lifecycle.own_events import own_events
from forensics.lifecycle.slot_history import slot_values
from forensics.report.dossier.gathered import Gathered, nameless
from forensics.report.dossier.html import Content, Html, cut, element, joined
from forensics.report.dossier.words import (
    MOST,
    decided,
    doubts,
    event_note,
    event_repositories,
    first_and_last,
    moment_date,
    place_text,
    releases_text,
    short_ref,
    stood,
)

__all__ = ["secret_section"]


def secret_section(gathered: Gathered, number: int, case: Case, *, open_: bool) -> Html:
    """Everything about one secret, under the name `secret-` and its number."""
    life, status = case.life, case.status
    danger, remedy = gathered.advice(life.rule)
    title = element(
        "h3", element("code", life.preview), f" #{life.secret[:8]} ",
        element("span", status.name, class_=f"status {status.name}"),
    )  # fmt: skip
    facts: list[tuple[str, Content]] = [
        ("What", joined((life.title, " (", element("code", life.rule), "), ",
                         f"{life.severity}, confidence {life.confidence:.2f}"))),
        ("Exposed", _exposed(case)),
        ("To do", status.todo or "nothing"),
        ("Why it matters", danger),
        ("What to do about its kind", remedy),
    ]  # fmt: skip
    facts += [(cut(str(name), 60), _text(str(value))) for name, value in _facts(case)]
    if status.uncertain:
        facts.append(("Uncertain", doubts(case)))
    if (said := gathered.decisions.get(life.secret)) is not None:
        facts.append(("Decided", _text(decided(said, gathered.scope.now))))
    facts.append(("Still reached by", case.reachability))
    if text := releases_text(case):
        facts.append(("Releases", _text(text)))
    details = element(
        "dl", *(joined((element("dt", name), element("dd", value))) for name, value in facts)
    )
    parts: list[Html] = [details, *_events(gathered, case), *_slots(gathered, case)]
    parts += [*_places(gathered, case), *_refs(gathered, case), *_stays(gathered, case)]
    parts += _people(case)
    inside = element("div", *parts, id=f"secret-{number}")
    summary = element("summary", title)
    return element("details", summary, inside, class_="secret", open=open_)


def _text(text: bytes | str) -> Html:
    """Text out of a repository, whose direction leaves what is around it alone."""
    return element("bdi", cut(text))


def _facts(case: Case) -> Sequence[Sequence[object]]:
    return stored_facts(case.life.facts)


def _exposed(case: Case) -> str:
    if case.since is None or case.exposed_days is None:
        return "no commit tells since when"
    until = "nothing shows an end" if case.until is None else f"until {moment_date(case.until)}"
    since = moment_date(case.since.at.commit_time, case.since.at.commit_offset)
    return f"{case.exposed_days:,} days, since {since}; {until}"


def _table(caption: str, heads: Sequence[str], rows: Iterator[Html], total: int) -> Iterator[Html]:
    """A table of at most so many rows, and a line that says what it leaves out."""
    if not total:
        return
    shown = [row for row, _ in zip(rows, range(MOST), strict=False)]
    head = element("tr", *(element("th", name, scope="col") for name in heads))
    yield element(
        "div",
        element(
            "table", element("caption", caption), element("thead", head), element("tbody", *shown)
        ),
        class_="scroll",
    )
    if total > len(shown):
        yield element("p", f"… and {total - len(shown):,} more", class_="more")


def _heads(gathered: Gathered, *names: str) -> Sequence[str]:
    """Heads of a table whose rows name one of several repositories first."""
    return ("Repository", *names) if gathered.several else names


def _repository(gathered: Gathered, repository: int | None) -> Html | None:
    """The cell for it."""
    return element("td", _text(gathered.path(repository))) if gathered.several else None


def _events(gathered: Gathered, case: Case) -> Iterator[Html]:
    events, repositories = own_events(case.life.events), event_repositories(case)
    rows = (
        _event(one, _repository(gathered, repositories.get(one.place)))
        for one in first_and_last(events)
    )
    heads = _heads(gathered, "Date", "What", "Where", "Slot", "Commit", "Who")
    yield from _table("What happened", heads, rows, len(events))


def _event(one: LifeEvent, repository: Html | None) -> Html:
    at = one.at
    who: list[Content] = [_text(at.author), " ", _text(b"<" + at.email + b">")]
    if (at.committer, at.committer_email) != (at.author, at.email):
        who += [", committed by ", _text(at.committer)]
    path = b"its text" if one.path is None else one.path
    note = event_note(one)
    return element(
        "tr",
        repository,
        element("td", moment_date(at.commit_time, at.commit_offset)),
        element("td", one.how, element("small", f" {cut(note)}") if note else None),
        element("td", element("code", _text(path)), f":{one.line}" if one.line else None),
        element("td", element("code", _text(one.slot)) if one.slot else None),
        element("td", element("code", at.commit[:12])),
        element("td", *who),
    )


def _slots(gathered: Gathered, case: Case) -> Iterator[Html]:
    values = list(slot_values(gathered.slots(case.life.id)))
    rows = (
        element(
            "tr",
            _repository(gathered, one.repository),
            element("td", moment_date(one.at.commit_time, one.at.commit_offset)),
            element("td", element("code", _text(one.path)), ": ", element("code", _text(one.slot))),
            element("td", _text(stood(one))),
            element("td", element("code", one.at.commit[:12])),
        )
        for one in values
    )
    heads = _heads(gathered, "Date", "Slot", "What came to stand in it", "Commit")
    yield from _table("Its slots, one value after another", heads, rows, len(values))


def _stays(gathered: Gathered, case: Case) -> Iterator[Html]:
    stays = case.life.stays
    rows = (
        element("tr", _repository(gathered, one.repository), *(element("td", text) for text in (
            moment_date(one.since.commit_time, one.since.commit_offset),
            "now" if one.until is None
            else moment_date(one.until.commit_time, one.until.commit_offset),
            f"{one.commits:,}",
        )))
        for one in stays
    )  # fmt: skip
    heads = _heads(gathered, "From", "To", "Commits that held it")
    yield from _table("On the default branch", heads, rows, len(stays))


def _places(gathered: Gathered, case: Case) -> Iterator[Html]:
    places = sorted(case.life.places, key=lambda one: (one.id not in case.present_at, one.id))
    rows = (_place(gathered, case, one) for one in places)
    heads = _heads(gathered, "Place", "Line", "Now")
    yield from _table("Places", heads, rows, len(places))


def _place(gathered: Gathered, case: Case, one: LifePlace) -> Html:
    now = place_text(case, one)
    return element(
        "tr",
        _repository(gathered, one.repository),
        element("td", element("code", _text(nameless(one.kind) if one.path is None else one.path))),
        element("td", str(one.line)),
        element("td", cut(now)),
    )


def _refs(gathered: Gathered, case: Case) -> Iterator[Html]:
    rows = (
        element("tr", _repository(gathered, one.repository),
                element("td", element("code", _text(short_ref(one.name)))),
                element("td", f"{one.kind}{', default' if one.is_default else ''}"))
        for one in sorted(
            case.refs, key=lambda one: (one.repository, not one.is_default, one.kind, one.name)
        )
    )  # fmt: skip
    heads = _heads(gathered, "Ref", "Kind")
    yield from _table("Refs that hold it at their tips", heads, rows, len(case.refs))


def _people(case: Case) -> Iterator[Html]:
    rows = (
        element("tr", element("td", _text(name)), element("td", _text(email)))
        for name, email in case.people
    )
    heads = ("Name", "Address")
    yield from _table("People who had it", heads, rows, len(case.people))
