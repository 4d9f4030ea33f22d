"""The application: five screens over one index."""

from __future__ import annotations

import asyncio
import shlex
import traceback
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segments
from rich.text import Text
from textual import events, work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.screen import Screen
from textual.worker import WorkerFailed

from forensics.errors import ForensicsError
from forensics.report.text import printable
from tui.later import later
from tui.opened import Opened
from tui.page import COLUMNS, LINES, Page
from tui.scans import Scans, options_problem
from tui.screens import SCREENS
from tui.tabs import TABS
from tui.themes import DEFAULT, THEMES
from tui.typeahead import ASKS, Passed, TypeAhead
from tui.undoing import Undoing
from tui.visit import Visit

if TYPE_CHECKING:
    from textual.command import Provider

__all__ = ["ForensicsApp"]

_QUIT = "q,ctrl+q"
_TOLD = 30.0
"""Seconds for which it is told how a scan ended."""


def _commands() -> type[Provider]:
    from tui.palette import Commands

    return Commands


class ForensicsApp(App[None]):
    """Browse an index.

    Args:
        opened: the index.
        theme: one of `tui.themes.THEMES`.
        keys: other keys for bindings, by the id of the binding.
        mode: the screen to begin with.
    """

    TITLE = "git-forensics"
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {**SCREENS}
    DEFAULT_MODE = "overview"
    COMMANDS = {_commands}  # noqa: RUF012  as Textual has it
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  as Textual has it
        (0, "-slim"), (COLUMNS, "-narrow"), (100, "-middle"), (140, "-wide"),
    ]  # fmt: skip
    VERTICAL_BREAKPOINTS = [(0, "-low"), (LINES, "-high"), (40, "-tall")]  # noqa: RUF012
    # What is in front of a screen that is too small would hide that it says so.
    CSS = """
    * { scrollbar-size-vertical: 1; }
    ModalScreen.-slim, ModalScreen.-low { background: transparent; }
    ModalScreen.-slim > *, ModalScreen.-low > * { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(number), f"switch_mode('{mode}')", title, show=False, id=f"screen.{mode}")
            for number, (mode, title) in enumerate(TABS.items(), 1)
        ),
        Binding(_QUIT, "quit", "Quit", show=False, id="app.quit"),
        Binding("S", "scan", "Scan, or see how far it is", show=False, id="app.scan"),
        Binding("question_mark", "help", "Keys", show=False, id="app.help"),
    ]

    def __init__(
        self,
        opened: Opened,
        *,
        theme: str = DEFAULT,
        keys: Mapping[str, str] | None = None,
        mode: str = "overview",
    ) -> None:
        self.DEFAULT_MODE = mode  # type: ignore[misc]
        super().__init__()
        self.opened = opened
        self.undoing = Undoing(opened)
        self.visit = Visit(opened)
        self.scans = Scans(opened, self.tell_of_scan, self.tell_of_scan, self.index_changed)
        self.generation = 0
        """Grows when a scan has changed the index."""
        for one in THEMES:
            self.register_theme(one)
        self.theme = theme
        self._quits = frozenset(_QUIT.split(","))
        if keys:
            from tui.keymap import normal  # loads every screen

            self._quits = normal(keys.get("app.quit", _QUIT))
            self.set_keymap(dict(keys))
        self._type_ahead = TypeAhead(self, self._handed_on)

    @property
    def too_small(self) -> bool:
        """Whether only a notice is shown."""
        return self.size.width < COLUMNS or self.size.height < LINES

    async def on_event(self, event: events.Event) -> None:
        """Do nothing that nobody sees: where it is too small, only leaving goes on."""
        given = isinstance(event, events.InputEvent | events.Paste) and not event.is_forwarded
        if given and self.too_small:
            if isinstance(event, events.Key) and event.key in self._quits:
                await self.action_quit()
        elif given and isinstance(event, events.Key | events.Paste):
            self._type_ahead.add(event)
        else:
            await self._handed_on(event)

    async def _handed_on(self, event: events.Event) -> None:
        pressed = isinstance(event, events.Key | events.MouseDown) and not event.is_forwarded
        if pressed and (page := self._page) is not None:
            page.goes_on()
        await super().on_event(event)

    def on_passed(self, message: Passed) -> None:
        """A key is done."""
        message.reached.set()

    def get_driver_class(self) -> type[Driver]:
        """One that no byte ends."""
        chosen = super().get_driver_class()
        if chosen.__name__ != "LinuxDriver":
            return chosen
        try:
            from tui.driver import Driver as Ours
        except ImportError:  # what it takes of Textual's own is elsewhere in another version
            return chosen
        return Ours

    async def action_switch_mode(self, mode: str) -> None:
        """Go to a screen, and be there before the next key is looked at."""
        await self.switch_mode(mode)

    def on_load(self) -> None:
        """Say nothing of what other tasks failed with: it would be a traceback."""
        asyncio.get_running_loop().set_exception_handler(self._task_failed)
        self.visit.set_out()  # in a thread, while the first screen is loaded

    def _task_failed(self, _loop: object, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception) and self.is_running:  # not where a signal ends all
            self._exception = error
            self._return_code = 1
            self._fatal_error()

    async def on_unmount(self) -> None:
        """Let no scan and no thread go on, and keep what the next visit needs."""
        await self.scans.stop()
        self.visit.end()
        self.opened.asking.close()
        self.opened.looking.close()
        self.undoing.close()

    async def open_screen(self, mode: str, query: str = "") -> None:
        """Go to a screen, to look at what a query says."""
        await self.switch_mode(mode)
        if isinstance(self.screen, Page):
            self.screen.enter(query)

    def index_changed(self) -> None:
        """A scan has ended: every screen reads anew, the one in front at once."""
        self.opened.read_anew()
        self.generation += 1
        self.run_worker(later(self.visit.goes_on), group="visit")
        if self._page is not None:
            self._page.on_screen_resume()

    @property
    def _page(self) -> Page | None:
        """The one of the five screens that is in front, or under what is in front."""
        return next((one for one in self.screen_stack if isinstance(one, Page)), None)

    # Scans

    def tell_of_scan(self) -> None:
        """Say how far the scan is."""
        page = self._page
        if page is not None and page.is_mounted:
            page.tell_of_scan()
            if not self.scans.at_work:
                self.set_timer(_TOLD + 1, page.tell_of_scan)

    def scan_line(self, width: int) -> str:
        """How far the scan is, or how it ended; nothing long after."""
        run = self.scans.last
        over = run is None or (not self.scans.at_work and self.scans.seconds_since_end > _TOLD)
        return "" if run is None or over else run.line(width)

    @work(group="scan-ask", exclusive=True, description=ASKS)
    async def action_scan(self) -> None:
        """Offer to scan the repository here; while a scan runs, show how far it is."""
        from tui.dialogs import AskText
        from tui.scanning import Scanning

        page, repository = self._page, self.opened.repository
        if self.scans.at_work:
            if await self.push_screen_wait(Scanning(self.scans)):
                await self.scans.stop()
            return
        if self.opened.read_only or repository is None:
            if page is not None:
                page.say(
                    "this is read-only: nothing can be scanned"
                    if self.opened.read_only
                    else "no repository is at hand: run `forensics scan` where it is"
                )
            return
        last = f"{self.scans.last.ending()}. " if self.scans.last else ""
        options = await self.push_screen_wait(
            AskText(
                f"{last}Scan {repository}? Enter begins. Options of `forensics scan`, such as"
                " --rules FILE; with other rules than the last scan's it reads everything again:",
                problem=options_problem,
            )
        )
        if options is not None:
            self.run_worker(later(self.scans.scan, shlex.split(options)), group="scan")

    async def action_quit(self) -> None:
        """Leave; while a scan runs, ask first, unless nobody would see that."""
        if self.scans.at_work and not self.too_small:
            self._leave()
        else:
            await super().action_quit()

    @work(group="scan-ask", exclusive=True, description=ASKS)
    async def _leave(self) -> None:
        from tui.scanning import Scanning

        if await self.push_screen_wait(Scanning(self.scans, leaving=True)):
            await self.scans.stop()
            self.exit()

    def action_help(self) -> None:
        """Show the keys of what has the focus."""
        from tui.help import Keys

        if not isinstance(self.screen, Keys):
            self.push_screen(Keys(self.screen))

    def _fatal_error(self) -> None:
        """Say where it failed, and nothing of what stood in variables or in the message: both can
        hold a secret."""
        error = (
            self._exception.error if isinstance(self._exception, WorkerFailed) else self._exception
        )
        if isinstance(error, ForensicsError):
            line = str(error)
        else:
            frames = traceback.extract_tb(error.__traceback__)[-1:] if error else []
            place = "".join(f" at {one.filename.rsplit('/', 1)[-1]}:{one.lineno}" for one in frames)
            line = (
                f"unexpected {type(error).__name__}{place}; please report it, with what"
                " `forensics --version --verbose` prints"
            )
        self._end_with(line)

    def panic(self, *_: object) -> None:
        """As `_fatal_error`, where something fails that is not the interface itself, such as what
        reads the terminal: what is to be shown then has variables in it."""
        self._return_code = 1
        self._end_with("the terminal cannot be read any more")

    def _end_with(self, line: str) -> None:
        text = Text(f"forensics: {printable(line)}")
        self._exit_renderables.append(Segments(self.console.render(text)))
        self._close_messages_no_wait()

    def _log(self, *_: Any, **__: Any) -> None:
        """Nothing: what Textual would log can have values in it."""

    def get_default_screen(self) -> Screen[None]:
        """Nothing is under the screens of the modes."""
        return Screen(id="_default")
