"""What the prefilter looks for on behalf of assignments.

Each is a fixed text, such as `token": "`, with a first byte or two of a value. Spelt out one by
one, a hundred of them are looked for at gigabytes a second; the same alternatives inside one
expression take several times as long.
"""

from __future__ import annotations

from detectors.anchor import Anchor, widest

__all__ = ["WORDS", "assignment_anchor"]

WORDS = (
    "password", "passwd", "passphrase", "pass", "pwd", "secret", "token", "tokens",
    "key", "keys", "key_base", "verifier", "confirmation",
    "password1", "password2",
    "password_1", "password_2", "key1", "key2", "key_1", "key_2", "token1", "token2",
)  # fmt: skip
"""What the name of a credential ends with."""

_COMMON = ("password", "secret", "token", "key", "auth")
_CALL = r"(?:[\w.\[\]]{1,16}\(|[bu@])?"

_FORMS = (
    # "token": "…   'token' => '…   ["token"] == "…   "token", "…   "tokens": ["…
    r"""(?i)WORD"\]?[ \t]{0,12}(?:=>|:=|[=!]={0,2}|:|,)[ \t]{0,12}CALL["'`\[\\]""",
    r"""(?i)WORD'\]?[ \t]{0,12}(?:=>|:=|[=!]={0,2}|:|,)[ \t]{0,12}CALL["'`\[\\]""",
    # token=…   TOKEN="…   token: …   Token:      String("…
    r"""(?i)WORD=(?:\\?["']|CALL["'`]|[\w+/.!@#%^*-]|[ \t]["'`])""",
    r"""(?i)WORD:[ \t]{0,16}(?:CALL["'`]|[\w+/.!@#%^*-])""",
    # token = "…   and without quotes up to the end of the line
    r"""(?i)WORD = (?:CALL["'`]|[^\s"';(){}]{4,80}[ \t]?(?:[\r\n]|$))""",
)
_RARER_FORMS = (
    # token := "…   token  =  "…   password\": \"…   setToken("…   <password>…
    r"""(?i)WORD[ \t]{1,16}(?::=|=>|[=!]={1,2})[ \t]["'`]""",
    r"""(?i)WORD  [ \t]{0,16}(?::=|=>|={1,3}|:)[ \t]["'`]""",
    r"""(?i)WORD\\["'][ \t]?(?:=>|[:=])[ \t]?\\["']""",
    r"""(?i)WORD\(["']""",
    r"""(?i)WORD>[^\s<]""",
)
_BYTES = r"""(?i)WORD ?(?:new )?(?:byte)?\[[\w ]{0,4}\](?:byte|uint8|string)? ?\{"""
"""As in `authData := []byte{…` and `"key": [12, 34`."""
_BYTES_AFTER = tuple(
    plural + sign for plural in ("", "data", "s") for sign in (":", '":', "':", " :=", " =")
)
_TYPED_FORMS = (
    # PASSWORD: &str = "…   password[] = "…   char token[64]="…
    r"""(?i)WORD: &(?:'static )?str = \"""",
    r"""(?i)WORD\[\w{0,8}\] ?= ?\"""",
)
_NAMED = (
    # #define WIFI_PASSWORD "…   ENV DB_PASSWORD …
    r"""(?i)password[ \t]{1,12}\"""",
    r"""(?i)_pass[ \t]{1,12}\"""",
    r"""(?i)secret[ \t]{1,12}\"""",
    r"""(?i)token[ \t]{1,12}\"""",
    r"""(?i)_key[ \t]{1,12}\"""",
    r"""ENV[ \t]{1,4}\w{0,60}(?:PASSWORD|PASS|SECRET|TOKEN|KEY)[ \t]{1,4}[^=\s]""",
)
_FLAGS = tuple(
    rf"""(?i)-{word} ["']?[\w+/.!@#%^*]"""
    for word in ("password", "passwd", "pass", "token", "secret", "key", "pwd")
)
_SCHEMES = (
    r"(?i)bearer \w",
    r"(?i)basic [A-Za-z0-9+/]{6}",
    r"""(?i)identified by ["'\w]""",
    r"""(?i)password ["']""",
    r"(?i)pass(?:in|out) pass:\S",
    r"""://[^\s:/@"'`<>]{0,60}:[^\s:/@"'`<>]{3,100}@""",
)


def _expressions() -> tuple[str, ...]:
    made = [form.replace("WORD", word) for word in WORDS for form in _FORMS]
    made += [
        form.replace("WORD", word) for word in _COMMON for form in (*_RARER_FORMS, *_TYPED_FORMS)
    ]
    made += [_BYTES.replace("WORD", word + end) for word in _COMMON for end in _BYTES_AFTER]
    return tuple(each.replace("CALL", _CALL) for each in (*made, *_NAMED, *_FLAGS, *_SCHEMES))


def assignment_anchor() -> Anchor:
    """All of them as one anchor."""
    parts = _expressions()
    together = "|".join(f"(?:{part.removeprefix('(?i)')})" for part in parts)
    keywords = (*WORDS, "bearer ", "basic ", "identified by", "://")
    return Anchor(
        f"(?i:{together})", max(map(widest, parts)), keywords=keywords, by_line=True, parts=parts
    )
