"""Slots of code in any language: what is assigned, passed by name, or passed to a call.

No grammar is parsed. Brackets and indentation tell what stands in what; where they mislead,
only the prefix of a key is another.
"""

from __future__ import annotations

import re

from forensics.config.expression import Expression
from forensics.config.slot import Found, Reading, key_text
from forensics.config.tokens import tokens
from forensics.config.tree import part

__all__ = ["read_code"]

_DEEPEST = 100
_SETTERS = re.compile(
    r"(?i)(?:\w*\.)*(?:define|putenv|set\w*|put\w*|add\w*|append|header|\w*property|with\w*|config\w*"
    r"|\w*env|get\w*|string\w*|option|arg\w*|register|insert|replace|equals?|assoc)"
)
_NAME_LIKE = re.compile(r"[A-Za-z_][\w.-]{1,63}")
_CONTROL = frozenset({
    "if", "for", "while", "switch", "catch", "else", "do", "try", "finally", "with",
    "until", "unless", "foreach", "match", "when", "return", "function", "func", "fn",
    "synchronized", "using", "lock", "elif", "and", "or", "not", "in",
})  # fmt: skip
_DECLARING = frozenset({
    "class", "struct", "interface", "enum", "object", "trait", "impl", "namespace",
    "module", "record", "def", "func", "fn", "function", "fun", "type", "package",
    "extension", "protocol",
})  # fmt: skip
_TRANSPARENT = frozenset({"array", "dict", "list", "map", "Map", "hash", "freeze", "of", "tuple"})
_TYPES = frozenset({"string", "String", "byte", "int", "bool", "error", "float64"})
_MODIFIERS = frozenset({
    "const", "static", "public", "private", "protected", "final", "readonly", "var", "let",
    "val", "new",
})  # fmt: skip
_OWN = re.compile(r"^(?:self|this|cls|@@?|\$|&|\*)+(?:\.|->|$|(?=\w))")
_CLOSES = {b")": b"(", b"]": b"[", b"}": b"{"}


class _Frame:
    """What is being read between two brackets, or in a body that is indented."""

    def __init__(self, opener: bytes, indent: int, path: str, callee: str = "") -> None:
        self.opener, self.indent, self.path, self.callee = opener, indent, path, callee
        self.argument = 0
        self.first = ""
        """The first argument, where it reads like a name."""
        self.only: str | None = None
        self.name = ""
        """What an assignment that comes next would be to."""
        self.declared = ""
        self.declaring = False
        self.value: Expression | None = None
        self.outside = path
        """The path before the name of what is called."""
        self.holder: Expression | None = None
        """The assignment that this is the value of."""


def read_code(content: bytes) -> Reading:
    """Slots such as `Settings.PASSWORD`, `connect.password` and `setPassword`.

    A value is the text between quotes, or the whole expression where that refers to something.
    """
    return Reading(_Reader(content).read())


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._found: list[Found] = []
        self._indent = 0
        self._stack = [_Frame(b"", -1, "")]

    def read(self) -> list[Found]:
        for kind, start, end in tokens(self._content):
            if kind == "mark":
                self._mark(start, end)
            elif kind == "name" or kind == "number":
                self._name(start, end, named=kind == "name")
            elif kind == "newline":
                self._newline(start, end)
            elif kind == "string":
                self._string(start, end)
            else:
                self._stack[-1].name = self._text(start, end)
                self._assign()
        while self._stack:
            self._finish(self._stack.pop())
        return self._found

    def _text(self, start: int, end: int) -> str:
        return key_text(self._content[start:end])

    def _newline(self, start: int, end: int) -> None:
        frame = self._stack[-1]
        if frame.opener not in (b"(", b"[") and frame.value and not frame.value.goes_on:
            self._finish(frame)
            frame.name = ""
        following = self._content[end : end + 1]
        if following in (b"\n", b"\r", b"#", b"{", b")", b"]", b"}", b""):
            return
        self._indent = indent = end - start - 1
        while len(self._stack) > 1 and self._stack[-1].indent >= indent:
            self._finish(self._stack.pop())

    def _string(self, start: int, end: int) -> None:
        frame = self._stack[-1]
        text = self._text(start, end) if end - start <= 64 else ""
        frame.only = text if frame.only is None else ""
        if frame.value:
            frame.value.string(start, end)
            return
        frame.name = text
        if frame.opener != b"(":
            return
        outer = self._outer_value()
        if outer:
            outer.string(start, end)
        elif frame.callee:
            frame.value = Expression(self._argument(frame), positional=True)
            frame.value.string(start, end)
        if not frame.argument and _NAME_LIKE.fullmatch(text):
            frame.first = text

    def _argument(self, frame: _Frame) -> str:
        """The key of an argument without a name."""
        if frame.argument and frame.first and _SETTERS.fullmatch(frame.callee):
            return frame.outside + part(frame.first)
        return frame.path + (f"[{frame.argument}]" if frame.argument else "")

    def _outer_value(self) -> Expression | None:
        """The value that the arguments of calls here are part of."""
        for frame in reversed(self._stack[:-1]):
            if frame.value:
                return frame.value
            if frame.opener == b"{":
                return None
        return None

    def _name(self, start: int, end: int, *, named: bool) -> None:
        frame = self._stack[-1]
        text = self._text(start, end)
        frame.only = ""
        if named and text in _DECLARING:
            frame.declaring = True
            return
        if frame.declaring:
            frame.declared, frame.declaring = text, False
        if frame.value:
            frame.value.name(start, end, text)
        if text in _TYPES and frame.name and frame.name not in _MODIFIERS:
            return  # var name string = …
        frame.name = text if named else ""

    def _assign(self, *, compared: bool = False) -> None:
        """What comes next is the value of the name before."""
        frame = self._stack[-1]
        name = _OWN.sub("", frame.name).replace("->", ".").replace("::", ".").replace("?.", ".")
        frame.value = None
        if name:
            parts = name.split(".") if "." in name and " " not in name else [name]
            frame.value = Expression(
                frame.path + "".join(part(each) for each in parts if each), compared=compared
            )
        frame.name = ""

    def _mark(self, start: int, end: int) -> None:
        frame = self._stack[-1]
        mark = self._content[start:end]
        if mark in (b"(", b"[", b"{"):
            self._open(mark, start, end)
        elif mark in _CLOSES:
            self._close(mark, start, end)
        elif mark in (b",", b";"):
            self._finish(frame)
            frame.argument += mark == b","
            frame.name = frame.declared = ""
        elif mark in (b"=", b":=", b"=>", b"<-") or (mark[-1:] == b"=" and mark[:1] in b"=!"):
            typed = frame.value and frame.value.is_type and mark in (b"=", b":=")
            if frame.value and typed:
                frame.value.restart()
            elif frame.value is None or frame.value.positional or mark == b"=":
                self._finish(frame, drop=True)
                self._assign(compared=mark[:2] in (b"==", b"!="))
            else:
                frame.value.mark(start, end, mark)
        elif mark == b":" and frame.declared and not frame.value:
            self._stack.append(_Frame(b":", self._indent, frame.path + part(frame.declared)))
            frame.declared = ""
        elif mark == b":" and (frame.value is None or frame.value.positional):
            self._finish(frame, drop=True)
            self._assign()
            if frame.value:
                frame.value.after_colon = True
        elif frame.value:
            frame.value.mark(start, end, mark)

    def _open(self, mark: bytes, start: int, end: int) -> None:
        frame = self._stack[-1]
        if len(self._stack) >= _DEEPEST:
            return
        value = frame.value
        named = value is not None and not value.positional and not value.compared
        called = frame.name if frame.name not in _CONTROL else ""
        callee = "" if mark == b"{" else _OWN.sub("", called).split(".")[-1].split("::")[-1]
        opened = _Frame(mark, self._indent, frame.path, callee)
        opened.outside = frame.path
        if value and named and (value.empty or mark == b"{") and value.only_names and mark != b"(":
            # What it holds are values of their own.
            opened.path, opened.holder, frame.value = value.key, value, None
        elif value and named and callee in _TRANSPARENT:
            opened.path, opened.callee, opened.holder, frame.value = value.key, "", value, None
        elif mark == b"{" and frame.declared not in _CONTROL:
            opened.path += part(frame.declared) if frame.declared else ""
        elif mark == b"(" and callee:
            opened.path += part(callee)
        if mark == b"{":
            frame.declared = ""
        if frame.value:
            frame.value.mark(start, end, mark)
        self._stack.append(opened)

    def _close(self, mark: bytes, start: int, end: int) -> None:
        opener = _CLOSES[mark]
        if not any(frame.opener == opener for frame in self._stack[-8:]):
            return
        while True:
            frame = self._stack.pop()
            self._finish(frame)
            if frame.opener == opener:
                break
        outer = self._stack[-1]
        if frame.holder and frame.only is None and not frame.argument:
            outer.value = frame.holder  # as in `[]byte("…")`
        if outer.value:
            outer.value.mark(start, end, mark)
        if opener == b"[" and frame.only:
            outer.name = f"{outer.name}.{frame.only}" if outer.name else frame.only
        elif opener == b"(":
            if frame.callee and not outer.value and not outer.declared:
                outer.declared = frame.callee.rpartition(".")[2]
            outer.name = ""

    def _finish(self, frame: _Frame, *, drop: bool = False) -> None:
        """The value that is being read ends, or was none."""
        value, frame.value = frame.value, None
        if value is None or drop:
            return
        span = value.span()
        if span is None:
            return
        for outer in self._stack:
            if outer.value and not value.positional:
                outer.value.holds_slots = True
        self._found.append(Found(value.key.removeprefix("."), *span))
