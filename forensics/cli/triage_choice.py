"""Which secrets a decision is about, and what it is."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from forensics.cli.common import rule_ids
from forensics.errors import UsageProblem
from forensics.key import Key, cache_folder

if TYPE_CHECKING:
    from forensics.index.reader import IndexReader
    from forensics.index.triage import Decision, Triage

__all__ = ["Choice", "chosen_secrets", "decision_from", "mask_text"]

_LONGEST = 2000
_DAY = 86_400


class Choice(NamedTuple):
    """Secrets, named or by what they have in common."""

    secrets: tuple[str, ...]
    rules: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    everything: bool = False

    @property
    def by_filter(self) -> bool:
        """Whether they are not named one by one."""
        return any((self.rules, self.globs, self.severities, self.states, self.everything))

    @property
    def empty(self) -> bool:
        """Whether nothing is said."""
        return not self.secrets and not self.by_filter


def chosen_secrets(reader: IndexReader, triage: Triage, choice: Choice) -> list[str]:
    """Fingerprints of what is chosen.

    Raises:
        UsageProblem: a name is nobody's or several secrets', or both kinds of choice are mixed.
    """
    if choice.secrets and choice.by_filter:
        raise UsageProblem("secrets are named and filtered", "do one or the other")
    if choice.secrets:
        return list(dict.fromkeys(reader.resolve(one) for one in choice.secrets))
    if not choice.by_filter:
        return []
    rules = {one for rule in choice.rules for one in rule_ids(rule, reader.rules())}
    states = {one.secret: one.state() for one in triage.current()}
    found: dict[str, None] = {}
    for one in reader.findings():
        if (
            (choice.rules and one.rule not in rules)
            or (choice.severities and one.severity not in choice.severities)
            or (choice.states and states.get(one.secret, "open") not in choice.states)
            or (choice.globs and not _fits(one.path, choice.globs))
        ):
            continue
        found[one.secret] = None
    return list(found)


def _fits(path: bytes | None, globs: Sequence[str]) -> bool:
    return path is not None and any(fnmatchcase(os.fsdecode(path), glob) for glob in globs)


def decision_from(
    given: Mapping[str, str | None], triage: Triage, secrets: Sequence[str], key: Key
) -> Iterator[tuple[str, Decision]]:
    """What is decided about each secret: what is given, and where the state stays as it was, what
    was said before.

    Raises:
        UsageProblem: what is given does not fit together.
    """
    from forensics.index.triage import Decision

    texts = {
        name: _text(name, given[name], key) for name in ("owner", "reason", "note", "evidence")
    }
    now = time.time()
    expires = _moment("--expires", given["expires"], now)
    when = _moment("--when", given["when"], now)
    if expires is not None and expires <= now:
        raise UsageProblem("--expires is in the past", "give a later date")
    if when is not None and when > now + _DAY:
        raise UsageProblem("--when is in the future", "say when it was revoked")
    before = {one.secret: one for one in triage.current(set(secrets))}
    for secret in secrets:
        earlier = before.get(secret)
        was = earlier.decision if earlier else Decision("open")
        state = given["state"] or (earlier.state() if earlier else "open")
        said = was if state == was.state else Decision(state, was.owner)
        said = said._replace(
            **{name: text for name, text in texts.items() if text is not None},
            expires=expires if expires is not None else said.expires,
            revoked_at=when if when is not None else said.revoked_at,
        )
        if said.expires is not None and said.expires <= now:
            said = said._replace(expires=None)
        _check(said)
        yield secret, said


def _check(said: Decision) -> None:
    if said.state == "revoked":
        if not said.evidence or said.revoked_at is None:
            raise UsageProblem(
                "a revocation has to be shown", "give --when DATE and --evidence TEXT"
            )
        if said.expires is not None:
            raise UsageProblem("a revocation does not expire", "leave --expires out")
    elif said.evidence or said.revoked_at is not None:
        raise UsageProblem("--evidence and --when belong to --state revoked", "use --reason")
    if said.state == "open" and said.expires is not None:
        raise UsageProblem("what is open does not expire", "give a --state too")


def _text(name: str, given: str | None, key: Key) -> str | None:
    if not given:
        return given
    if len(given) > _LONGEST:
        raise UsageProblem(f"--{name} is longer than {_LONGEST} characters", "shorten it")
    return mask_text(given, key)


def mask_text(text: str, key: Key) -> str:
    """A text that somebody wrote, any secret in it masked."""
    if not text:
        return text
    from forensics.scan.masking import Masker
    from forensics.scan.setup import setup_for

    scanner = setup_for(key, cache_folder()).scanner()
    raw = text.encode("utf-8", "surrogateescape")
    return Masker(scanner, key).mask(raw).decode("utf-8", "backslashreplace")


def _moment(option: str, given: str | None, now: float) -> int | None:
    """Seconds since 1970 of a date, or of so many days from now."""
    if given is None:
        return None
    if days := re.fullmatch(r"(\d{1,5})d", given):
        return int(now) + int(days[1]) * _DAY
    try:
        read = datetime.fromisoformat(given)
        return int((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        raise UsageProblem(
            f"{option} {given!r} is not a date", "write 2027-01-31, or 90d for days from now"
        ) from None
