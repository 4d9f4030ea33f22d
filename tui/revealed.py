"""A secret's value on the screen, for a moment."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from rich.text import Text
from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from forensics.report.text import printable

__all__ = ["SECONDS", "Revealed"]

SECONDS = 15
_MOST = 20_000
"""Characters that are shown."""


class Revealed(ModalScreen[None]):
    """Shows a value until a key is pressed that does not scroll or copy it, 15 seconds are over,
    the terminal is resized or loses the focus, or another screen comes in front. Then it is nowhere
    on the screen any more.

    Args:
        name: what people call the secret.
        value: its plain value.
        copy: copies it, where that is allowed; its audit event is written before.
    """

    DEFAULT_CSS = """
    Revealed { align: center middle; }
    Revealed > Vertical {
        width: 90%; height: auto; max-height: 80%; border: heavy $error; background: $surface;
        padding: 0 1;
    }
    Revealed VerticalScroll { height: auto; max-height: 12; }
    Revealed #value { height: auto; width: 100%; }
    Revealed #left { color: $text-muted; height: auto; }
    """
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,space,V", "leave", "Hide", id="reveal.hide"),
        Binding("c", "copy", "Copy", show=False, id="reveal.copy"),
        Binding("j,down", "scroll(1)", "Down", show=False, id="reveal.down"),
        Binding("k,up", "scroll(-1)", "Up", show=False, id="reveal.up"),
    ]

    def __init__(
        self, name: str, value: bytes, copy: Callable[[bytes], Awaitable[str]] | None = None
    ) -> None:
        super().__init__()
        self._value: bytes | None = value
        self._title, self._copy, self._left = name, copy, SECONDS

    def compose(self) -> ComposeResult:
        """Whose value it is, the value, how long."""
        with Vertical():
            yield Static(printable(f"{self._title}: its value"), markup=False)
            with VerticalScroll(can_focus=False):
                yield Static(id="value", markup=False)
            yield Static("", id="left", markup=False)

    def on_mount(self) -> None:
        """Show it, and count."""
        assert self._value is not None
        whole = self._value.decode("utf-8", "backslashreplace")
        lines = whole[:_MOST].splitlines() or [""]
        text = Text("\n".join(printable(one) for one in lines), overflow="fold")
        self.query_one("#value", Static).update(text)
        self._cut = f"the first {_MOST:,} of {len(whole):,} characters; " * (len(whole) > _MOST)
        self.tell("")
        self._clock = self.set_interval(1, self._second)
        self.watch(self.app, "app_focus", self._focus_changed, init=False)

    @property
    def shows(self) -> bool:
        """Whether the value is there."""
        return self._value is not None

    def tell(self, more: str) -> None:
        """Say something below the value, or how long it shows."""
        copy = "  c copies it" if self._copy else ""
        said = more or (
            f"{self._cut}hidden in {self._left} s, or with any key; the journal knows{copy}"
        )
        if self._value is None:
            said = "hidden"
        self.query_one("#left", Static).update(said)

    def _second(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self.hide()
        else:
            self.tell("")

    def hide(self) -> None:
        """Have nothing of it on the screen; then go, at once or when it is in front again."""
        if self._value is not None:
            self._value = None
            self.query_one("#value", Static).update("")
            self.tell("")
        if self.is_active:
            self.dismiss()

    def on_key(self, event: events.Key) -> None:
        """What does nothing else hides it."""
        active = self.active_bindings.get(event.key)
        if active is None or not active.binding.id:
            event.stop()
            self.hide()

    def action_leave(self) -> None:
        """Hide it."""
        self.hide()

    def action_scroll(self, by: int) -> None:
        """Of a long one, other lines; a short one has none."""
        lines = self.query_one(VerticalScroll)
        if lines.max_scroll_y:
            lines.scroll_relative(y=by, animate=False)
        else:
            self.hide()

    @work(group="reveal-copy", exclusive=True)
    async def action_copy(self) -> None:
        """Copy it, if the user said so when starting."""
        if self._copy is None:
            self.tell("copying needs --raw-copy")
        elif self._value is not None:
            self.tell(await self._copy(self._value))

    _cut = ""
    """Says that not all of it is shown."""
    _size_seen: tuple[int, int] | None = None

    def on_resize(self, event: events.Resize) -> None:
        """The terminal may be another one now."""
        size = (event.size.width, event.size.height)
        if self._size_seen not in (None, size):
            self.hide()
        self._size_seen = size

    def _focus_changed(self, focus: bool) -> None:
        """Nobody looks, or somebody else does."""
        if not focus:
            self.hide()

    def on_screen_suspend(self) -> None:
        """Something came in front."""
        self.hide()

    def on_screen_resume(self) -> None:
        """What came in front has gone: this goes too."""
        if self._value is None:
            self.call_later(self.hide)
