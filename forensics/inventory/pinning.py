"""What a pipeline takes from elsewhere, and whether that can change under it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.inventory.nodes import Node
from forensics.inventory.records import Used

__all__ = ["projects", "used"]

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_EXACT = re.compile(r"\d+\.\d+\.\d+")
_TAG = re.compile(r":([\w][\w.-]{0,127})$")
_OURS = ("./", "../", "/")


def used(kind: str, text: str, line: int) -> Used | None:
    """What `text` names, if that is something from elsewhere.

    Args:
        kind: as `pipelines.toml` says.
        text: as the file has it.
        line: where.
    """
    text = text.strip()
    if not text or text.startswith(_OURS) or "\n" in text:
        return None
    if text.startswith("docker://"):
        kind, text = "image", text.removeprefix("docker://")
    if kind in ("image", "pipe"):
        return _image(kind, text, line)
    if kind == "include" and "://" not in text and "@" not in text:
        return None  # a file of this repository
    if kind == "plugin":
        name, _, version = text.partition("#")
    elif kind == "include" and "://" in text:
        name, version = text.partition("?")[0], ""
    else:
        name, _, version = text.rpartition("@") if "@" in text else (text, "", "")
    pinned = bool(_COMMIT.fullmatch(version))
    if kind == "orb":  # what was published as a version stays as it is
        pinned = bool(_EXACT.fullmatch(version))
    return Used(kind, name, version, pinned, line)


def _image(kind: str, text: str, line: int) -> Used | None:
    name, _, digest = text.partition("@")
    if digest.startswith("sha256:"):
        return Used(kind, _TAG.sub("", name), digest, True, line)
    tag = _TAG.search(text) if "$" not in text else None
    return Used(kind, text[: tag.start()] if tag else text, tag[1] if tag else "", False, line)


def projects(document: Node) -> Iterator[Used]:
    """The projects that a GitLab pipeline includes files of."""
    include = document.get("include")
    for one in include.items or [include]:
        if name := one.get("project").text:
            version = one.get("ref").text
            yield Used("include", name, version, bool(_COMMIT.fullmatch(version)), one.line)
