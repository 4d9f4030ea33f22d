"""The decoders of a scan."""

from __future__ import annotations

from detectors.decoding.base64_text import base64_decoder
from detectors.decoding.escapes import backslash_decoder, html_decoder, percent_decoder
from detectors.decoding.hex_text import hex_decoder
from detectors.decoding.kubernetes import KubernetesDecoder
from detectors.decoding.notebook import NotebookDecoder
from detectors.decoding.streams import stream_decoders
from detectors.decoding.tar_archive import TarDecoder
from detectors.decoding.unwrap import Decoding
from detectors.decoding.utf16 import Utf16Decoder
from detectors.decoding.zip_archive import ZipDecoder

__all__ = ["ARCHIVE_DEPTH", "TEXT_DEPTH", "default_decoding"]

TEXT_DEPTH = 5
ARCHIVE_DEPTH = 4


def default_decoding(text_depth: int = TEXT_DEPTH, archive_depth: int = ARCHIVE_DEPTH) -> Decoding:
    """All decoders.

    Args:
        text_depth: how many encodings of text are undone on top of each other; 0 for none.
        archive_depth: how many archives and compressed streams are opened in each other.
    """
    return Decoding(
        (
            base64_decoder(),
            hex_decoder(),
            backslash_decoder(),
            percent_decoder(),
            html_decoder(),
            Utf16Decoder(),
            NotebookDecoder(),
            KubernetesDecoder(),
        ),
        (ZipDecoder(), TarDecoder(), *stream_decoders()),
        text_depth,
        archive_depth,
    )
