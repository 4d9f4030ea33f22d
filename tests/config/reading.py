"""Configuration files, read for tests."""

from __future__ import annotations

from forensics.config.settings import read_settings

__all__ = ["settings_of", "texts_of"]


def settings_of(path, content):
    """Text, type and kind by key, of a file without trouble."""
    told = read_settings(path, content)
    assert told.trouble == ""
    return {each.key: (each.text, each.type, each.kind) for each in told.settings}


def texts_of(path, content):
    return {key: text for key, (text, _, _) in settings_of(path, content).items()}
