"""What the terminal sends, whatever that is."""

from __future__ import annotations

import codecs

from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver

__all__ = ["Driver"]


def _decoder(encoding: str) -> type[codecs.IncrementalDecoder]:
    class Lenient(codecs.getincrementaldecoder(encoding)):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(errors="replace")

    return Lenient


class Driver(LinuxDriver):
    """Takes bytes that are no UTF-8 for characters that are no key, as terminals do; Textual ends
    with an error."""

    def run_input_thread(self) -> None:
        """Wait for input and pass it on."""
        # It makes its decoder by this name; leaving bytes out would cut pastes into keys.
        linux_driver.getincrementaldecoder = _decoder  # type: ignore[assignment,attr-defined]
        super().run_input_thread()
