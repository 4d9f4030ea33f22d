"""What the terminal sends, whatever that is."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver

from tui.parser import Parser

__all__ = ["Driver"]


def _decoders(ended: Callable[[], None]) -> Callable[[str], type[codecs.IncrementalDecoder]]:
    """Makes decoders that take any bytes, and tell when there will be none any more."""

    def decoder(encoding: str) -> type[codecs.IncrementalDecoder]:
        class Lenient(codecs.getincrementaldecoder(encoding)):  # type: ignore[misc]
            def __init__(self) -> None:
                super().__init__(errors="replace")

            def decode(self, given: bytes, final: bool = False) -> str:
                if not given and not final:
                    ended()
                text: str = super().decode(given, final)
                return text

        return Lenient

    return decoder


class Driver(LinuxDriver):
    """Takes bytes that are no UTF-8 for characters that are no key, as terminals do; Textual ends
    with an error. Where the terminal is gone it ends; Textual would look for keys for ever."""

    def run_input_thread(self) -> None:
        """Wait for input and pass it on."""
        # By these names it makes its decoder, which must leave no bytes out, and its parser.
        linux_driver.getincrementaldecoder = _decoders(self._ended)  # type: ignore[assignment,attr-defined]
        linux_driver.XTermParser = Parser  # type: ignore[attr-defined]
        super().run_input_thread()

    def _ended(self) -> None:
        if not self.exit_event.is_set():
            self.exit_event.set()
            self._app.call_later(self._app.exit)
