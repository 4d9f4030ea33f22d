"""One conversation as Mermaid diagrams, which GitHub renders.

Syntax: https://mermaid.js.org/syntax/sequenceDiagram.html and .../gantt.html
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence

from forensics.lifecycle.case import Case
from forensics.lifecycle.ref_spans import RefSpan
from forensics.lifecycle.refs import holds
from forensics.report.case_lines import moved
from forensics.report.log import StoryEvent
from forensics.report.text import printable

__all__ = ["gantt", "sequence_diagram"]

_MOST = 200
"""Events in a diagram; more are left out, and it says so."""
_LONGEST = 80
_PLAIN = re.compile(r"[^A-Za-z0-9 ._/@+-]")
_ODD = re.compile(r"^(stash@\{\d+\})$|[^A-Za-z0-9 ._/@+-]")
_KEYWORD = re.compile(r"\b(end)\b", re.IGNORECASE)
_TOOL, _HISTORY = "git-forensics", "commit messages"
_FEW_REFS = 12


def _text(text: bytes | str) -> str:
    """Text in which nothing can end a line, a name or the diagram: whatever is no plain character
    is written as its number, as Mermaid reads it."""
    shown = printable(text)
    shown = shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
    coded = _PLAIN.sub(lambda found: f"#{ord(found[0])};", shown)
    return _KEYWORD.sub(lambda found: f"#{ord(found[0][0])};{found[0][1:]}", coded) or "-"


def _word(text: bytes | str) -> str:
    """Text for a gantt, which reads no numbers; entries of the stash keep their names."""
    plain = _ODD.sub(lambda found: found[1] or "_", printable(text))
    return plain[:_LONGEST] or "-"


class _Lanes:
    """Who and what takes part, in the order of appearance."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, bytes | str], str] = {}

    def of(self, kind: str, name: bytes | str) -> str:
        """The id of a lane: `actor` for people, `participant` for the rest."""
        return self._names.setdefault((kind, name), f"p{len(self._names)}")

    def lines(self) -> Iterator[str]:
        for (kind, name), lane in self._names.items():
            yield f"    {kind} {lane} as {_text(name)}"


def sequence_diagram(
    story: Sequence[StoryEvent], case: Case, environment: Callable[[bytes], str]
) -> Iterator[str]:
    """A sequence diagram of a secret's story: people, the program, files by their environments, and
    refs as lanes.

    Args:
        story: of the secret.
        case: of it.
        environment: of a file, by its path.
    """

    def place(path: bytes | None) -> bytes:
        if path is None:
            return _HISTORY.encode()
        named = environment(path)
        return b"%s, %s" % (named.encode(), path) if named else path

    lanes = _Lanes()
    body: list[str] = []
    about = f"secret {case.life.secret[:8]}"
    for event in story[:_MOST]:
        if event.told is not None:
            told = event.told
            who = lanes.of("actor", told.at.author)
            where = lanes.of("participant", place(told.path))
            arrow = "--x" if told.kind == "removed" else "->>"
            said_of = f"{event.kind} in {told.at.commit[:10]}{moved(told)}"
            body.append(f"    {who}{arrow}{where}: {_text(said_of)}")
        elif event.row is not None:
            by_tool = event.kind in ("found", "reopened")
            who = lanes.of("participant", _TOOL) if by_tool else lanes.of("actor", event.row.actor)
            where = lanes.of("participant", about)
            facts = event.row.facts
            said = [str(facts[name]) for name in ("state", "reason", "why") if facts.get(name)]
            body.append(f"    {who}->>{where}: {_text(' '.join([event.kind, *said]))}")
    for ref in case.refs[:_FEW_REFS]:
        for held in case.life.places:
            if holds(ref, held):
                where = lanes.of("participant", place(held.path))
                lane = lanes.of("participant", ref.name)
                body.append(f"    {where}->>{lane}: {_text('stands at its tip')}")
    if len(case.refs) > _FEW_REFS:
        lane = lanes.of("participant", about)
        more = f"at the tips of {len(case.refs) - _FEW_REFS} more refs"
        body.append(f"    Note over {lane}: {_text(more)}")
    yield "sequenceDiagram"
    yield from lanes.lines()
    yield from body
    if len(story) > _MOST:
        lane = lanes.of("participant", about)
        yield f"    Note over {lane}: {_text(f'{len(story) - _MOST} more events')}"


def gantt(case: Case, refs: Sequence[RefSpan], now: float | None = None) -> Iterator[str]:
    """A gantt of where a secret stood: on the default branch, at each path, and on each ref from
    the first commit that brought it there to the last that took it away, by the dates of commits,
    which can lie. What nothing ended lasts until now."""
    today = int(time.time() if now is None else now)
    yield "gantt"
    yield f"    title presence of secret {_word(case.life.secret[:8])}"
    yield "    dateFormat x"
    yield "    axisFormat %Y-%m-%d"
    if case.life.stays:
        yield "    section default branch"
    for stay in case.life.stays[:_MOST]:
        until = today if stay.until is None else stay.until.commit_time
        name = "present" if stay.until is None else "gone"
        yield _bar(name, stay.since.commit_time, until)
    for path, spans in list(_by_path(case).items())[:_MOST]:
        yield f"    section {_word(path)}"
        for start, end in spans:
            yield _bar("present" if end is None else "gone", start, today if end is None else end)
    had = [one for one in refs if not one.holds and one.kind in ("branch", "remote")]
    known = 0 if case.since is None else case.since.at.commit_time
    for title, chosen in (
        ("refs that hold it", [one for one in refs if one.holds][:_FEW_REFS]),
        ("branches that had it", had[:_FEW_REFS]),
    ):
        if chosen:
            yield f"    section {title}"
        for one in chosen:
            since = known if one.since is None else one.since.commit_time
            until = today if one.until is None else one.until.commit_time
            yield _bar(_word(one.name), since, until)


def _bar(name: str, start: int, end: int) -> str:
    # In milliseconds: Mermaid takes seconds for milliseconds where a bar starts.
    return f"    {name} : {start * 1000}, {max(end, start + 1) * 1000}"


def _by_path(case: Case) -> dict[bytes, list[tuple[int, int | None]]]:
    """When it came to each path and left it, in an order that follows ancestry."""
    spans: dict[bytes, list[tuple[int, int | None]]] = {}
    for one in case.life.events:
        rows = spans.setdefault(one.path or _HISTORY.encode(), [])
        still = rows and rows[-1][1] is None
        if one.kind == "removed" and still and one.how != "merged":
            rows[-1] = rows[-1][0], max(one.at.commit_time, rows[-1][0])
        elif one.kind != "removed" and not still:  # a merge that kept it is no introduction
            rows.append((one.at.commit_time, None))
    return spans
