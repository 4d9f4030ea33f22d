"""Where values still stand, and what leads there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from detectors.literals.values import Standing, ValueFinder
from forensics.errors import GitFailed
from forensics.git.gitdir import GitFile
from forensics.git.leads import LEADS, Lead, Reaching, lead_to, refs_reaching
from forensics.git.loose import loose_path
from forensics.git.plan import ObjectPlan
from forensics.git.refs import Tips
from forensics.git.repository import Repository
from forensics.git.runner import Git
from forensics.scan.attested import Place
from forensics.scan.masking import Masker
from forensics.scan.searching import Held

__all__ = ["Shown", "StillThere"]

_ORDER = (*LEADS[:-1], "file", "alternate", "none", "unknown")
_UNKNOWN, _NONE = Lead("unknown"), Reaching(b"", 0)


class Shown:
    """Text of a repository as a report may show it."""

    def __init__(self, masker: Masker, finder: ValueFinder) -> None:
        self._masker, self._finder = masker, finder
        self._told: dict[bytes, str] = {}

    def __call__(self, text: bytes) -> str:
        """The text, without anything that is a secret."""
        if text not in self._told:
            masked = self._masker.mask(text)
            if self._finder.stands_in(masked):
                masked = b"****"
            self._told[text] = masked.decode("utf-8", "backslashreplace")
        return self._told[text]


class _Object(NamedTuple):
    oid: bytes
    kind: str
    forms: tuple[str, ...]


class StillThere:
    """Gathers where values stand; then says what leads there."""

    def __init__(self, finder: ValueFinder, shown: Shown) -> None:
        self._finder, self._shown = finder, shown
        self._objects: list[list[_Object]] = [[] for _ in range(len(finder))]
        self._others: list[list[Place]] = [[] for _ in range(len(finder))]
        self._leads: dict[bytes, Lead] = {}
        self._borrowed: set[bytes] = set()
        self._naming = Counter[bytes]()
        self._told: list[tuple[dict[str, int], tuple[Place, ...]]] = []

    def add_objects(self, held: Iterable[Held[Standing]]) -> None:
        """Add what the search of all objects found."""
        for one in held:
            for value, forms in _forms(one.found).items():
                self._objects[value].append(_Object(one.oid, one.kind, forms))

    def add_refs(self, tips: Tips) -> None:
        """Add the names of refs."""
        for ref in tips.refs:
            for value, forms in _forms(self._finder.find(ref.name)).items():
                name = self._shown(ref.name)
                self._others[value].append(Place("ref", "", forms, "ref", name=name))

    def add_file(self, file: GitFile) -> None:
        """Add a file of the git directory, by name and content."""
        found = [*self._finder.find(file.name), *self._finder.find(file.content)]
        for value, forms in _forms(found).items():
            name = self._shown(file.name)
            self._others[value].append(Place("file", "", forms, "file", name=name))

    def settle(self, repository: Repository, git: Git, tips: Tips, made: ObjectPlan) -> list[str]:
        """Find out what leads to each object; why that could not be told, if so."""
        wanted = {one.oid for objects in self._objects for one in objects}
        trouble: list[str] = []
        refs: dict[bytes, Reaching] = {}
        if wanted and made.faulty:
            trouble.append("what leads to objects was not asked: a damaged pack could mislead git")
        elif wanted:
            try:
                self._leads = lead_to(repository, git, tips, wanted)
            except GitFailed as failure:
                trouble.append(f"what leads to objects could not be told: {failure}")
        if repository.alternates:
            self._borrowed = {oid for oid in wanted if not _own(oid, made)}
        self._naming = Counter(oid for ref in tips.refs for oid in {ref.target, ref.peeled})
        commits = {self._lead(one).commit for objects in self._objects for one in objects} - {b""}
        try:
            refs = dict(refs_reaching(git, tips, commits))
        except GitFailed as failure:
            trouble.append(f"which refs lead to commits could not be told: {failure}")
        for objects, others in zip(self._objects, self._others, strict=True):
            places = [self._place(one, refs) for one in objects] + others
            places.sort(key=lambda place: (_ORDER.index(place.how), place.path, place.oid))
            self._told.append((dict(Counter(place.how for place in places)), tuple(places)))
        return trouble

    def of(self, value: int) -> tuple[dict[str, int], tuple[Place, ...]]:
        """In how many places a value stands, by what leads there, and all of them."""
        return self._told[value]

    def _lead(self, one: _Object) -> Lead:
        return self._leads.get(one.oid, _UNKNOWN)

    def _how(self, one: _Object) -> str:
        how = self._lead(one).how
        return "alternate" if how == "none" and one.oid in self._borrowed else how

    def _refs(self, one: _Object, reaching: Reaching) -> int:
        """How many refs lead to its commit, or name it; one at least where what a ref names is a
        tree or tag that leads to it."""
        lead = self._lead(one)
        if lead.how != "ref" or lead.commit:
            return reaching.number
        return max(self._naming[one.oid], 1)

    def _place(self, one: _Object, refs: Mapping[bytes, Reaching]) -> Place:
        lead = self._lead(one)
        reaching = refs.get(lead.commit, _NONE) if lead.how == "ref" else _NONE
        name = lead.name or reaching.first
        return Place(
            one.kind,
            one.oid.hex(),
            one.forms,
            self._how(one),
            one.oid in self._borrowed,
            self._shown(name),
            self._refs(one, reaching),
            lead.commit.hex(),
            self._shown(lead.path),
        )


def _forms(found: Sequence[Standing]) -> dict[int, tuple[str, ...]]:
    """By value: how it is written."""
    forms: dict[int, dict[str, None]] = {}
    for one in found:
        forms.setdefault(one.value, {})[one.form] = None
    return {value: tuple(names) for value, names in forms.items()}


def _own(oid: bytes, made: ObjectPlan) -> bool:
    """Whether the repository itself holds an object, and not only what it borrows from."""
    objects = made.repository.objects
    if loose_path(objects, oid).exists():
        return True
    return any(
        pack.path.parent.parent == objects and pack.find(oid) is not None for pack in made.opened
    )
