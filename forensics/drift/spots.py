"""What is told of a path: its place, why, and what arranging files needs to know besides."""

from __future__ import annotations

from typing import NamedTuple

from forensics.drift.model import Place
from forensics.drift.rules import BASE, CHART, SEVERAL

__all__ = ["SAYING", "Spot", "beside", "chart", "said_by_user"]

SAYING = {BASE: "base of all", SEVERAL: "names environments inside, if it does"}


class Spot(NamedTuple):
    """A place, and what arranging files needs to know besides."""

    place: Place | None
    why: str
    """In words."""
    folder: str = ""
    """Where the files of its set lie, folders of environments taken out."""
    stem: str = ""
    """What the files of its set are called there, without environment and format."""
    whole: bool = False
    """Whether all files of the environment's folder are one layer, whatever they are called."""
    loose: bool = False
    """Whether it only counts beside another environment or a base."""


def beside(role: str, name: str, folder: str) -> Spot:
    """What is no environment's, for an example or one machine."""
    place = Place(folder or ".", "", role, 0, role)
    return Spot(place, f"{role}: {name} is no environment's")


def chart(folder: str) -> Spot:
    """The file that makes a folder a chart."""
    place = Place(folder or ".", "", CHART, 0, "chart")
    return Spot(place, "marks a chart, to which values one folder above belong", folder)


def said_by_user(place: Place | None) -> Spot:
    """What a user says of a file."""
    if place is None:
        return Spot(None, "forensics.toml says to ignore it")
    what = f"of {place.environment}" if place.environment else SAYING.get(place.role, place.role)
    return Spot(place, f"{what}, set {place.set}, as {place.rule} says", place.set)
