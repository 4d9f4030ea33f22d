"""An inventory as objects for JSON and rows for CSV, secrets in names masked."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from forensics import __version__
from forensics.inventory.records import Inventory, Used
from forensics.report.csv_cells import as_text

__all__ = ["Table", "csv_text", "json_objects", "summary_object", "tables"]

Mask = Callable[[bytes], bytes]
"""Text without the secrets in it."""

_IDS = frozenset(("blob", "changed_commit", "changed_date"))


class Table(NamedTuple):
    """One inventory."""

    name: str
    columns: tuple[str, ...]
    objects: tuple[Mapping[str, Any], ...]

    @property
    def troubled(self) -> int:
        """How many of its rows could not be read as a whole."""
        return sum(bool(one.get("trouble")) for one in self.objects)


def tables(inventory: Inventory, mask: Mask) -> list[Table]:
    """The four inventories."""
    text = cache(lambda value: _shown(value, mask))
    made = []
    for name in (
        "configuration_files", "environment_uses", "ci_pipelines", "infrastructure_surfaces",
    ):  # fmt: skip
        kind = _KINDS[name]
        rows: Iterable[Any] = getattr(inventory, name)
        objects = tuple(
            {
                column: value if column in _IDS else _plain(value, text)
                for column, value in zip(kind, row, strict=True)
            }
            for row in rows
        )
        if name == "ci_pipelines":
            kind = (*kind[:-1], "unpinned", kind[-1])
            objects = tuple(_with_unpinned(one) for one in objects)
        made.append(Table(name, kind, objects))
    return made


def _columns() -> dict[str, tuple[str, ...]]:
    from forensics.inventory.records import ConfigurationFile, EnvironmentUse, Pipeline, Surface

    return {
        "configuration_files": ConfigurationFile._fields,
        "environment_uses": EnvironmentUse._fields,
        "ci_pipelines": Pipeline._fields,
        "infrastructure_surfaces": Surface._fields,
    }


_KINDS = _columns()


def _with_unpinned(pipeline: Mapping[str, Any]) -> dict[str, Any]:
    trouble = {"trouble": pipeline["trouble"]}
    unpinned = sum(not one["pinned"] for one in pipeline["uses"])
    return (
        {name: pipeline[name] for name in pipeline if name != "trouble"}
        | {"unpinned": unpinned}
        | trouble
    )


def _shown(value: str | bytes, mask: Mask) -> str:
    raw = value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")
    return mask(raw).decode("utf-8", "backslashreplace")


def _plain(value: object, text: Callable[[Any], str]) -> Any:
    if isinstance(value, Used):
        return {name: _plain(one, text) for name, one in value._asdict().items()}
    if isinstance(value, tuple):
        return [_plain(one, text) for one in value]
    if isinstance(value, str | bytes):
        return text(value) if value else ""
    return value


def json_objects(objects: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A list of objects, one a line."""
    yield "["
    for number, one in enumerate(objects):
        comma = "," if number + 1 < len(objects) else ""
        yield f"\n{json.dumps(one)}{comma}"
    yield "\n]\n" if objects else "]\n"


def csv_text(table: Table) -> Iterator[str]:
    """A line of names, then a line a row. No cell is a formula for a spreadsheet."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for row in (table.columns, *([one[name] for name in table.columns] for one in table.objects)):
        writer.writerow([_cell(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        text = "; ".join(_cell(one) for one in value)
    elif isinstance(value, dict):
        text = f"{value['name']}@{value['version']}" if value["version"] else value["name"]
    else:
        text = str(value)
    return as_text(text)


def summary_object(inventory: Inventory, made: Sequence[Table], mask: Mask) -> dict[str, Any]:
    """What was inventoried, how much was found, and what could not be read."""
    subject = inventory.subject
    categories = Counter(one.category for one in inventory.infrastructure_surfaces)
    return {
        "repository": _shown(subject.repository, mask),
        "commit": subject.commit,
        "date": subject.date,
        "tool": "git-forensics",
        "version": __version__,
        "files": subject.files,
        "counts": {table.name: len(table.objects) for table in made},
        "surfaces": dict(sorted(categories.items())),
        "troubled": {table.name: table.troubled for table in made},
        "unread": [
            {"path": _shown(path, mask), "reason": reason} for path, reason in inventory.unread
        ],
        "left_out": dict(inventory.left_out),
        "incomplete": inventory.trouble,
    }
