"""The key that makes fingerprints."""

from __future__ import annotations

import os
from collections.abc import Iterator

from forensics.doctor.check import Check, failed, ok, problem, warning
from forensics.errors import KeyProblem
from forensics.key import KEY_VARIABLE, Key, key_file, load_key, read_key_text

__all__ = ["key_checks", "usable_key"]

_AREA = "key"


def usable_key() -> Key | None:
    """The key, if there is one that commands would take."""
    try:
        return load_key(create=False)
    except KeyProblem:
        return None


def key_checks() -> Iterator[Check]:
    """Whether there is one that commands would take, and only the user can read it."""
    file, given = key_file(), os.environ.get(KEY_VARIABLE)
    if not given and not os.path.lexists(file):
        yield ok(_AREA, f"none yet; the first scan makes one in {file}")
        return
    try:
        key = load_key(create=False)
    except KeyProblem as error:
        yield failed(_AREA, error)
        return
    if given:
        yield from _given(key)
        return
    if file.stat().st_uid != os.geteuid():
        yield problem(
            _AREA,
            f"the key in {file} belongs to another user, who can read it",
            f"move {file} away and import a key with `forensics key import`",
        )
    else:
        yield ok(_AREA, f"{key.id} from {key.source}, readable by you only")


def _given(key: Key) -> Iterator[Check]:
    try:
        kept: Key | None = read_key_text(key_file().read_text("ascii"), str(key_file()))
    except (OSError, UnicodeDecodeError, KeyProblem):
        kept = None
    if kept is not None and kept.id != key.id:
        yield warning(
            _AREA,
            f"{key.id} from {KEY_VARIABLE}, and another one, {kept.id}, in {key_file()}",
            f"unset {KEY_VARIABLE} to use that one; each index takes only its own",
        )
    else:
        yield ok(_AREA, f"{key.id} from {key.source}")
