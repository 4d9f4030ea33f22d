"""What GitLab asks of a secret detection report, version 15.0.7, in our words.

Source: https://gitlab.com/gitlab-org/security-products/security-report-schemas, the file
secret-detection-report-format.json, which GitLab itself has in its own repository under
lib/gitlab/ci/parsers/security/validators/schemas/15.0.7. Of what our reports have, every constraint
of it is here.
"""

from __future__ import annotations

from typing import Any

__all__ = ["SCHEMA"]

_TEXT = {"type": "string", "minLength": 1}
_TIME = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$"}


def _record(required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object", "required": required.split(), "properties": properties,
        "additionalProperties": False,  # ours: a field with a wrong name would be lost on GitLab
    }  # fmt: skip


def _list(items: dict[str, Any], least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least}


def _up_to(length: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": length}


_TOOL = _record(
    "id name version vendor",
    id=_TEXT, name=_TEXT, version=_TEXT, vendor=_record("name", name=_TEXT),
)  # fmt: skip
_SCAN = _record(
    "analyzer end_time scanner start_time status type",
    analyzer=_TOOL, scanner=_TOOL, start_time=_TIME, end_time=_TIME,
    status={"enum": ["success", "failure"]},
    type={"enum": ["secret_detection"]},
    messages=_list(
        _record("level value", level={"enum": ["info", "warn", "fatal"]}, value=_TEXT)
    ),
)  # fmt: skip
_COMMIT = _record(
    "sha", sha=_TEXT, author={"type": "string"}, date={"type": "string"},
    message={"type": "string"},
)  # fmt: skip
_LOCATION = _record(
    "commit",
    commit=_COMMIT, file={"type": "string"}, start_line={"type": "number"},
    end_line={"type": "number"},
)  # fmt: skip
_VULNERABILITY = _record(
    "id identifiers location",
    id=_TEXT, category={"const": "secret_detection"}, name=_up_to(255),
    description=_up_to(1_048_576), solution=_up_to(7000),
    severity={"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
    identifiers=_list(_record("type name value", type=_TEXT, name=_TEXT, value=_TEXT), least=1),
    location=_LOCATION,
)  # fmt: skip

SCHEMA = _record(
    "scan version vulnerabilities",
    scan=_SCAN,
    version={"type": "string", "pattern": r"^15\.0\.7$"},
    schema={"type": "string", "pattern": "^https?://.+"},
    vulnerabilities=_list(_VULNERABILITY),
)
