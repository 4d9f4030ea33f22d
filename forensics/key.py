"""The key that makes fingerprints: whoever lacks it cannot test guesses against an index."""

from __future__ import annotations

import hashlib
import hmac
import os
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path, user_config_path, user_state_path

from forensics.errors import KeyProblem

__all__ = [
    "KEY_VARIABLE", "Key", "cache_folder", "config_folder", "key_file", "load_key",
    "read_key_text", "save_key", "state_folder",
]  # fmt: skip

KEY_VARIABLE = "FORENSICS_KEY"
_BYTES = 32
_APP = "git-forensics"


def cache_folder() -> Path:
    """Where compiled rules and mirrors are kept; may be deleted at any time."""
    return user_cache_path(_APP)


def state_folder() -> Path:
    """Where indexes go that cannot lie in their repository."""
    return user_state_path(_APP)


def config_folder() -> Path:
    """Where what the user decides is kept."""
    return user_config_path(_APP)


def key_file() -> Path:
    """Where the user's key is kept."""
    return config_folder() / "key"


class Key:
    """A secret of 32 bytes. It prints as its id."""

    __slots__ = ("_bytes", "id", "source")

    def __init__(self, value: bytes, source: str) -> None:
        self._bytes = value
        self.source = source
        """Where it came from, for people."""
        self.id = hashlib.sha256(b"git-forensics key id\0" + value).hexdigest()[:16]
        """Names the key and tells nothing of it."""

    def fingerprint(self, value: bytes) -> bytes:
        """HMAC-SHA-256 of a value in canonical form: 32 bytes."""
        return hmac.digest(self._bytes, b"secret\0" + value, "sha256")

    def seal(self, purpose: str, *parts: bytes) -> bytes:
        """HMAC-SHA-256 over a purpose and parts, none of which can run into the next."""
        seal = hmac.new(self._bytes, b"seal\0" + purpose.encode() + b"\0", "sha256")
        for part in parts:  # not joined: some have megabytes
            seal.update(len(part).to_bytes(8, "big"))
            seal.update(part)
        return seal.digest()

    def export(self) -> str:
        """The key itself, as text for `forensics key import` and FORENSICS_KEY."""
        return self._bytes.hex()

    def __repr__(self) -> str:
        return f"Key({self.id})"


def read_key_text(text: str | bytes, source: str) -> Key:
    """The key in `text`: 64 hexadecimal digits.

    Raises:
        KeyProblem: it is something else.
    """
    try:
        value = bytes.fromhex(text if isinstance(text, str) else text.decode("ascii"))
    except ValueError:
        value = b""
    if len(value) != _BYTES:
        raise KeyProblem(
            f"the key from {source} is not 64 hexadecimal digits",
            "use what `forensics key export` printed",
        )
    return Key(value, source)


def save_key(key: Key, *, replace: bool = False) -> Path:
    """Keep `key` as the user's own, readable by nobody else.

    Raises:
        KeyProblem: there is another one and `replace` is false, or it cannot be written.
    """
    file = key_file()
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        if _kept_in(file) == key.export():
            return file
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as opened:
            opened.write(key.export() + "\n")
        if replace:
            unfinished.replace(file)
        else:
            os.link(unfinished, file)
    except FileExistsError:
        raise KeyProblem(
            f"there is a key in {file} already", "use --replace to give it up"
        ) from None
    except OSError as error:
        raise KeyProblem(
            f"the key cannot be written to {file}: {error.strerror}",
            f"make that folder writable, or give a key in {KEY_VARIABLE}",
        ) from None
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return file


def _kept_in(file: Path) -> str:
    """What the user's key file holds, if nobody else can read it."""
    try:
        private = not file.stat().st_mode & 0o077
        return file.read_text("ascii").strip() if private else ""
    except (OSError, UnicodeDecodeError):
        return ""


def load_key(*, create: bool = True) -> Key:
    """The key from FORENSICS_KEY, else the user's own, made on first use.

    Raises:
        KeyProblem: it is malformed, others can read it, it cannot be written, or there is none
            and `create` is false.
    """
    if given := os.environ.get(KEY_VARIABLE):
        return read_key_text(given, KEY_VARIABLE)
    file = key_file()
    try:
        facts = file.stat()
        text = file.read_text("ascii")
    except FileNotFoundError:
        if not create:
            raise KeyProblem("there is no key yet", "a first `forensics scan` makes one") from None
        import secrets  # which few starts need

        key = Key(secrets.token_bytes(_BYTES), str(file))
        try:
            save_key(key)
        except KeyProblem:
            if file.exists():  # another process was faster
                return load_key(create=False)
            raise
        return key
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise KeyProblem(f"the key in {file} cannot be read: {reason}", "check the file") from None
    if facts.st_mode & 0o077:
        raise KeyProblem(f"others can read the key in {file}", f"run `chmod 600 {file}`")
    return read_key_text(text, str(file))
