"""The application: five screens over one index."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from rich.segment import Segments
from rich.text import Text
from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.worker import WorkerFailed

from forensics.errors import ForensicsError
from forensics.report.text import printable
from tui.opened import Opened
from tui.page import TABS, Page
from tui.screens import SCREENS
from tui.themes import DEFAULT, THEMES
from tui.undoing import Undoing
from tui.visit import Visit

__all__ = ["ForensicsApp"]


class ForensicsApp(App[None]):
    """Browse an index.

    Args:
        opened: the index.
        theme: one of `tui.themes.THEMES`.
        keys: other keys for bindings, by the id of the binding.
        mode: the screen to begin with.
    """

    TITLE = "git-forensics"
    CSS = "* { scrollbar-size-vertical: 1; }"
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {**SCREENS}
    DEFAULT_MODE = "overview"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(number), f"switch_mode('{mode}')", title, show=False, id=f"screen.{mode}")
            for number, (mode, title) in enumerate(TABS.items(), 1)
        ),
        Binding("q,ctrl+q", "quit", "Quit", show=False, id="app.quit"),
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
        self.generation = 0
        """Grows when a scan has changed the index."""
        for one in THEMES:
            self.register_theme(one)
        self.theme = theme
        if keys:
            self.set_keymap(dict(keys))

    def on_unmount(self) -> None:
        """Let no thread go on, and keep what the next visit needs."""
        self.visit.end()
        self.opened.asking.close()
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
        self.run_worker(self.visit.goes_on(), group="visit")
        page = next((one for one in self.screen_stack if isinstance(one, Page)), None)
        if page is not None:
            page.on_screen_resume()

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """Nothing, while a value is revealed."""
        from tui.revealed import Revealed

        if any(isinstance(one, Revealed) and one.shows for one in self.screen_stack):
            return ""
        return super().export_screenshot(title=title, simplify=simplify)

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
        text = Text(f"forensics: {printable(line)}")
        self._exit_renderables.append(Segments(self.console.render(text)))
        self._close_messages_no_wait()

    def get_default_screen(self) -> Screen[None]:
        """Nothing is under the screens of the modes."""
        return Screen(id="_default")
