"""Audit: the journal, filtered; one conversation as a story; the chain verified; export."""

from __future__ import annotations

import json
import os
import re
from array import array
from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from forensics.index.database import Connection
from forensics.index.journal import Journal, JournalRow
from forensics.index.journal_pages import DATES, journal_ids, journal_rows
from forensics.index.overview import point_of
from forensics.index.verified import verified
from forensics.query.problem import QueryProblem
from forensics.report.log import as_objects, event_lines, journal_story
from forensics.report.text import iso_date, printable, shortened
from tui.columned import Columned
from tui.dialogs import AskText
from tui.inert_input import InertInput
from tui.later import later
from tui.pager import Pager
from tui.problem_line import ProblemLine
from tui.table.columns import Cell, Column
from tui.table.pages import PAGE
from tui.table.table import Table
from tui.typeahead import ASKS

__all__ = ["AuditScreen"]

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_LONGEST = 600
"""Characters of one line of the detail."""
_BAD = frozenset(("cut-off", "reopened"))


def _when(row: JournalRow) -> Cell:
    return Cell(_moment(row), "muted")


def _moment(row: JournalRow) -> str:
    return (iso_date(row.time, 0) or "")[:19].replace("T", " ")


def _kind(row: JournalRow) -> Cell:
    return Cell(row.kind, "warning" if row.kind in _BAD else "")


def _about(row: JournalRow) -> Cell:
    """Secrets as they are named everywhere; of a repository the end, which tells it from others."""
    if _FINGERPRINT.fullmatch(row.subject):
        return Cell(f"#{row.subject[:8]}")
    return Cell(row.subject.rstrip("/").rpartition("/")[2] or row.subject)


def _conversation(row: JournalRow) -> str:
    return row.conversation.replace(":", " ", 1)


def _facts(row: JournalRow) -> list[str]:
    """What is told of it besides who did it, dates as such."""
    told = [f"caused by: {row.related_to}"] * (row.related_to is not None)
    for name, value in row.facts.items():
        if name in DATES and isinstance(value, int):
            told.append(f"{name.removesuffix('_at')}: {(iso_date(value, 0) or '')[:10]}")
        elif value not in ("", {}) and (name, value) != ("by", row.actor):
            told.append(f"{name}: {value}")
    return told


_COLUMNS: tuple[Column[JournalRow], ...] = (
    Column("number", "NO", lambda row: Cell(str(row.id), "muted"), 7, right=True,
           stays=True),
    Column("time", "UTC", _when, 19),
    Column("kind", "WHAT", _kind, 14),
    Column("actor", "WHO", lambda row: Cell(row.actor), 16),
    Column("subject", "ABOUT", _about, 12, flexible=True, most=24),
    Column("facts", "DETAIL", lambda row: Cell("  ".join(_facts(row)), "muted"), 12, flexible=True,
           least=100),
)  # fmt: skip


class AuditScreen(Columned):
    """The journal, newest first."""

    mode = "audit"
    counts_secrets = False
    own_is_news = True
    hints = "/ filter  Enter conversation  v verify the chain  e export  ? keys"
    DEFAULT_CSS = """
    AuditScreen #filter { height: 1; border: none; padding: 0 1; background: $surface; }
    AuditScreen Table { height: 1fr; }
    AuditScreen #nothing { height: 1fr; padding: 0 2; display: none; }
    AuditScreen.-nothing #nothing { display: block; }
    AuditScreen.-nothing Table { height: 1; }
    AuditScreen #detail { height: 6; border-top: solid $border; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="audit.filter"),
        Binding("escape", "back", "Back to the list", show=False, id="audit.back"),
        Binding("v", "verify", "Verify the chain", id="audit.verify"),
        Binding("e", "export", "Export what is listed", id="audit.export"),
        Binding("r,f5", "reload", "Read again", id="audit.reload"),
    ]

    def compose_body(self) -> ComposeResult:
        """Filter, rows, what the current one says."""
        yield InertInput(
            placeholder="/ part of kind, person, subject or detail; kind:triaged after:12",
            id="filter",
        )
        yield ProblemLine()
        yield Table(_COLUMNS)
        yield Static(id="nothing", markup=False)
        yield Static(id="detail", markup=False)

    def on_mount(self) -> None:
        """List everything."""
        self._ids: array[int] = array("q")
        self._wanted = ""
        self.query_one(Table).focus()
        self.run_worker(later(self.begin_columns), group="columns")
        self._list()

    @work(group="audit", exit_on_error=True)
    async def _list(self, *, again: bool = False) -> None:
        table, before = self.query_one(Table), self._count
        wanted = self._wanted if again else self.query_one(Input).value
        self.counting()
        self.say("")

        def listed(index: Connection) -> tuple[int, array[int], int] | QueryProblem:
            try:
                ids = journal_ids(index, wanted)
            except QueryProblem as problem:
                return problem
            known = len(ids) or (len(journal_ids(index)) if wanted else 0)
            return point_of(index).journal, ids, known

        found = await self.asks("audit", listed, self._not_read)
        if found is None:
            return
        if isinstance(found, QueryProblem):
            self.count(before)
            self.query_one(ProblemLine).tell(found, self.query_one(Input).focus())
            return
        self._wanted = wanted
        journal, ids, known = found
        here = self._ids[table.cursor] if again and 0 < table.cursor < len(self._ids) else None
        self._ids = ids
        table.show(len(ids), cursor=ids.index(here) if here is not None and here in ids else 0)
        self.is_of(journal)
        self.count(f"{len(self._ids):,} entries")
        self.set_class(not self._ids, "-nothing")
        if not self._ids:
            hidden = f"All {known:,} entries are hidden by the filter.\nEsc clears it, / edits it."
            self.query_one("#nothing", Static).update(hidden if known else "No entry yet.")
            self.query_one("#detail", Static).update("")

    def _not_read(self, why: str) -> None:
        self.count("not read")
        self.say(why, lasts=True)

    async def on_table_pages_wanted(self, event: Table.PagesWanted) -> None:
        """Read pages."""
        for page in event.pages:
            self._read(page)

    @work(group="audit-pages", exit_on_error=True)
    async def _read(self, page: int) -> None:
        ids = self._ids
        chosen = ids[page * PAGE : (page + 1) * PAGE]
        rows = await self.asks(f"audit page {page}", lambda index: journal_rows(index, chosen))
        if rows is not None and ids is self._ids:  # else the list asks for this page anew
            self.query_one(Table).put(page, rows)

    def on_table_cursor_moved(self, event: Table.CursorMoved) -> None:
        """Say all of the current row."""
        row: JournalRow | None = event.row
        if row is not None:
            about = "" if row.conversation.endswith(row.subject) else f"  {row.subject}"
            lines = [f"{row.id}  {_conversation(row)}{about}", "  ".join(_facts(row))]
            self.query_one("#detail", Static).update(
                "\n".join(printable(shortened(one, _LONGEST)) for one in lines)
            )

    def action_filter(self) -> None:
        """Say what to list."""
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """The problem may be gone."""
        self.query_one(ProblemLine).tell(None, event.input)

    def on_input_submitted(self) -> None:
        """List that."""
        self.query_one(Table).focus()
        self._list()

    def action_back(self) -> None:
        """From the filter to the list, of what is listed; there, list everything again."""
        field, table = self.query_one(Input), self.query_one(Table)
        if field.has_focus:
            field.value = self._wanted
        elif field.value:
            field.value = ""
            self._list()
        table.focus()

    def enter(self, query: str) -> None:
        """List what somebody comes for."""
        self.query_one(Input).value = query
        self.query_one(Table).focus()
        self._list()

    def read_anew(self) -> None:
        """List what a scan has added, too."""
        self._list(again=True)

    def action_reload(self) -> None:
        """Read what was added; the current row stays, but the newest is the newest again."""
        self._list(again=True)

    @work(group="audit-story", exclusive=True)
    async def on_table_chosen(self, event: Table.Chosen) -> None:
        """Show the conversation that an entry is part of."""
        row: JournalRow = event.row
        key = self.opened.key

        def story(index: Connection) -> tuple[list[Text], int]:
            rows = [*Journal(index, key).rows(row.conversation)]
            at = next((place for place, one in enumerate(rows) if one.id == row.id), 0)
            return [Text(line) for line in event_lines(journal_story(rows))], at

        if found := await self.asks("audit story", story):
            self.app.push_screen(Pager(_conversation(row), *found))

    @work(group="audit-verify", exclusive=True)
    async def action_verify(self) -> None:
        """Check that nobody changed it, nor what was decided, as `forensics log verify` does."""
        self.say("verifying…", lasts=True)
        key = self.opened.key
        found = await self.asks("audit verify", lambda index: verified(index, key))
        if found is None:
            return
        head, problems = found
        if problems:
            self.query_one("#detail", Static).update("")
            self.app.push_screen(Pager("Something was changed", [Text(one) for one in problems]))
            self.say(f"something was changed: {'; '.join(problems[:2])}")
        else:
            kept = f"The chain holds. Keep this elsewhere, to know the same of it later:\n{head}"
            self.query_one("#detail", Static).update(kept)
            self.say("nothing was changed")

    @work(group="audit-export", exclusive=True, description=ASKS)
    async def action_export(self) -> None:
        """Write what is listed to a file, as `forensics log -f jsonl` has it."""
        wanted = await self.app.push_screen_wait(
            AskText("Write what is listed to which file?", "audit.jsonl", _not_writable)
        )
        if wanted is None:
            return
        ids = self._ids
        said = await self.asks("audit export", lambda index: _export(index, ids, wanted))
        if said is not None:
            self.say(said)


def _export(index: Connection, ids: Sequence[int], name: str) -> str:
    """Write entries to a new file; a word about it."""
    rows = [
        row
        for start in range(0, len(ids), PAGE)
        for row in journal_rows(index, ids[start : start + PAGE])
    ]
    story = journal_story(reversed(rows))
    try:
        with open(os.open(name, _NEW, 0o600), "w", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(one)}\n" for one in as_objects(story))
    except OSError as error:
        return f"{name}: {error.strerror}"
    return f"{len(rows):,} entries written to {name}"


def _not_writable(name: str) -> str:
    if not name.strip():
        return "name a file"
    return "that file is there already" if os.path.lexists(name) else ""
