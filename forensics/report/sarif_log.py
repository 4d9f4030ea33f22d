"""What every SARIF 2.1.0 log has, whatever it tells.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from forensics import __version__
from forensics.report.text import printable

__all__ = ["ROOT", "SCHEMA", "artifact", "digest", "log_text", "notice", "place", "plain", "tool"]

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
ROOT = "%SRCROOT%"
"""What the root of a repository is usually called."""

Object = dict[str, Any]


def plain(text: bytes | str) -> str:
    """Text for a message, in which brackets would make a link, and braces a placeholder."""
    shown = printable(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return shown.replace("{", "{{").replace("}", "}}")


def artifact(path: bytes | str, root: str = ROOT) -> Object:
    """A file by its path. Bytes that are no UTF-8 stand in the URI as they are."""
    raw = path if isinstance(path, bytes) else path.encode("utf-8", "surrogateescape")
    return {"uri": quote(raw, safe="/"), "uriBaseId": root}


def place(path: bytes | str, line: int) -> Object:
    """A line of a file."""
    region = {"startLine": line}
    return {"physicalLocation": {"artifactLocation": artifact(path), "region": region}}


def tool(version: str, rules: Sequence[Object]) -> Object:
    """This program and its rules."""
    return {
        "driver": {
            "name": "git-forensics",
            "version": version,
            "semanticVersion": version,
            "rules": list(rules),
        }
    }


def digest(*about: str) -> str:
    """A fingerprint of a result, of what tells it from others."""
    return hashlib.sha256("\0".join(about).encode("utf-8", "surrogateescape")).hexdigest()


def notice(path: bytes | str, text: str) -> Object:
    """A warning that something was not covered: of a file, if it has a path."""
    found: Object = {"level": "warning", "message": {"text": plain(text)}}
    return found | ({"locations": [place(path, 1)]} if path else {})


def log_text(
    about: str,
    rules: Sequence[Object],
    notices: Sequence[Object],
    properties: Object,
    results: Sequence[Object],
) -> str:
    """A log of one run about `about`, such as `drift`."""
    run = {
        "tool": tool(__version__, rules),
        "automationDetails": {"id": f"git-forensics/{about}/"},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": list(notices)}],
        "columnKind": "utf16CodeUnits",
        "properties": properties,
        "results": list(results),
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)
