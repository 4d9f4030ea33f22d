"""What tables say beyond their entries: the conventions of tools that read them.

- Of entries with one name, the last counts.
- Values in the `data` of a Kubernetes Secret are in base64.
- `valueFrom` beside a name stands where `value` would, and is a reference.
- A variable of GitLab CI is its `value`, whether or not it has a description.
- Variables of a compose service are texts; without a value they come from outside.
- One `env_file` of a compose service is a list of one.
- What an item of a list goes by stands in its key, and is no setting of its own.
"""

from __future__ import annotations

import base64
import binascii
import re

from forensics.config.tree import Alias, Items, Node, Scalar, Table, bare, merged, plain_text

__all__ = ["settled"]

_VARIABLE = frozenset({"value", "description", "options", "expand"})
_COMPOSE = re.compile(r"\.services(?:\.[^.\[]+|\[\"[^\"]*\"\])\.environment")
_SERVICE = re.compile(r"\.services(?:\.[^.\[]+|\[\"[^\"]*\"\])")
_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]*={0,2}\s*")


def settled(
    content: bytes, entries: list[tuple[str, Node]], path: str, told_by: str
) -> list[tuple[str, Node]]:
    """The entries that count, in the file's order.

    Args:
        content: of the file.
        entries: of a table, with those that it takes over.
        path: of the table.
        told_by: name of the entry that the table goes by as an item of a list.
    """
    last = dict(entries)
    if told_by and len(last) > 1:
        if "valueFrom" in last and "value" not in last:
            last = {
                "value" if key == "valueFrom" else key: _from(content, node, path)
                if key == "valueFrom"
                else node
                for key, node in last.items()
            }
        if told_by in last:
            del last[told_by]
    if "data" in last and _text(content, last.get("kind")) == b"Secret":
        data = bare(last["data"])
        if isinstance(data, Table):
            last["data"] = Table(
                [(key, _decoded(content, node)) for key, node in merged(data)], data.start
            )
    if path.endswith(".variables"):
        last = {key: _variable(node) for key, node in last.items()}
    elif path.endswith(".environment") and _COMPOSE.fullmatch(path):
        last = {key: _from_outside(node) for key, node in last.items()}
    elif "env_file" in last and _SERVICE.fullmatch(path):
        file = last["env_file"]
        if isinstance(bare(file), Scalar):
            last["env_file"] = Items([file])
    return list(last.items())


def _text(content: bytes, node: Node | None) -> bytes:
    node = bare(node) if node else None
    if not isinstance(node, Scalar):
        return b""
    return content[node.start : node.end] if node.text is None else node.text


def _decoded(content: bytes, node: Node) -> Node:
    """A value in base64 as what it encodes; anything else as it is."""
    scalar = bare(node)
    if not isinstance(scalar, Scalar):
        return node
    text = _text(content, scalar)
    if not _BASE64.fullmatch(text):
        return node
    try:
        plain = base64.b64decode(b"".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return node
    return scalar._replace(text=plain, type="string")


def _from(content: bytes, node: Node, path: str) -> Node:
    """What a variable of a container comes from, as one reference."""
    source = bare(node)
    if not isinstance(source, Table):
        return node
    for kind, inner in merged(source):
        inner = bare(inner)
        if isinstance(inner, Table):
            names = [plain_text(content, inner, name) for name in ("name", "key", "fieldPath")]
            text = "/".join([kind, *filter(None, names)]).encode()
            start = next(
                (each.start for _, each in inner.entries if isinstance(each, Scalar)), source.start
            )
            return Scalar(start, start, text, "string", "reference", f"kubernetes {kind}")
    return node


def _variable(node: Node) -> Node:
    table = bare(node)
    if isinstance(table, Table):
        names = dict(merged(table))
        value = bare(names["value"]) if "value" in names and names.keys() <= _VARIABLE else None
        if isinstance(value, Scalar):
            return Alias(value) if isinstance(node, Alias) else value
    return node


def _from_outside(node: Node) -> Node:
    scalar = bare(node)
    if not isinstance(scalar, Scalar):
        return node
    if scalar.type == "null":
        return scalar._replace(type="untyped", kind="reference", by="environment")
    return scalar._replace(type="untyped")
