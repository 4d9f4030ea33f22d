"""Which configuration file belongs to which environment, told by its path alone."""

from __future__ import annotations

import hashlib
import re
from functools import cache

from forensics.drift.folders import FolderRules, Folders
from forensics.drift.model import Place
from forensics.drift.names import Named, Names
from forensics.drift.overrides import Overrides
from forensics.drift.rules import (
    BASE,
    BY_FOLDER,
    BY_SOPS,
    BY_STEM,
    ENVIRONMENT,
    EXAMPLE,
    LOCAL,
    SEVERAL,
    Rule,
    rule_table,
    rules,
)  # fmt: skip
from forensics.drift.sops_rules import SopsRule, sops_rules
from forensics.drift.spots import SAYING, Spot, beside, chart, said_by_user
from forensics.settings.file import UserFile

__all__ = ["Placer", "canonical", "known_names", "tier"]

_LAYER_OF_BASE = 0
_LAYER_OF_FOLDER = 10
_LAYER_OF_NAME = 20
_MOST_REMEMBERED = 500_000
_LONGEST = 1000
_SEPARATORS = "-_. +"
_WORD = re.compile(r"[^-_. +]+")
_CODE = frozenset({
    "ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "py", "rb", "go", "java", "kt", "php",
    "cs", "rs", "vue", "md", "rst", "txt", "html", "css", "sql", "d", "lock", "enc",
})  # fmt: skip
_ANY_FORMAT = ("env.", "env_", "dockerfile", "containerfile")


_NAMES_NONE = "its path names no environment that is known"
_NO_CONFIGURATION = Spot(None, "no configuration, by its name")


class Placer:
    """Places files. Remembers what it said of a path."""

    def __init__(self, overrides: Overrides | None = None) -> None:
        """Rules of the package, with what a user says otherwise before them."""
        table = rule_table()
        self._overrides = overrides or Overrides()
        self.names = Names(table, self._overrides.aliases, self._overrides.tiers)
        self._folders = FolderRules(table, self.names)
        self._rules = rules(table)
        formats, roles = table["formats"], table["roles"]
        self._text = frozenset(formats["text"])
        self._below = frozenset(formats["below"])
        self._tools = frozenset(formats["tools"])
        dull = "|".join(formats["dull"])
        self._dull = re.compile(rf"(?:^|[{_SEPARATORS}])(?:{dull})(?=$|[{_SEPARATORS}])")
        self._base_names = frozenset(table["base"]["files"])
        self._role_words = {EXAMPLE: frozenset(roles["example"]), LOCAL: frozenset(roles["local"])}
        self._alone = frozenset(roles["alone"])
        self._sops: tuple[SopsRule, ...] = ()
        self._spots: dict[bytes, Spot] = {}

    @classmethod
    def load(cls, file: UserFile | None) -> Placer:
        """A placer with what a forensics.toml says, if there is one.

        Raises:
            UsageProblem: the file says something that cannot be.
        """
        return cls(Overrides.of(file) if file is not None else None)

    def environment_of(self, path: bytes) -> str:
        """The environment that a path belongs to; empty where it belongs to none. Meant for many
        paths, each asked for once: nothing is remembered of them."""
        place = self._spot(path).place
        return place.environment if place else ""

    def with_sops(self, content: bytes) -> Placer:
        """A placer that also asks the rules of this .sops.yaml about files that nothing else
        places."""
        placer = Placer(self._overrides)
        placer._sops = sops_rules(content, placer.names)
        return placer

    @property
    def digest(self) -> bytes:
        """Tells apart what users and repositories add to the rules of the package."""
        said = self._overrides
        facts = (
            sorted(said.aliases.items()),
            sorted(said.tiers.items()),
            [(rule.pattern.pattern, *rule[2:]) for rule in said.files],
            [(rule.pattern.pattern, rule.environment) for rule in self._sops],
        )
        return hashlib.sha256(repr(facts).encode()).digest()

    def place(self, path: bytes) -> Place | None:
        """Where a file belongs; None if it is no configuration of environments."""
        return self.spot(path).place

    def explain(self, path: bytes) -> str:
        """In words: where the file belongs and by which rule, or why it belongs nowhere."""
        return self.spot(path).why

    def canonical(self, name: str) -> str:
        """The one way to write an environment's name, also as the user has it."""
        return self.names.canonical(name)

    def tier(self, environment: str) -> int:
        """0 where no one depends on it, to 4 where customers do, also as the user has it."""
        return self.names.tier(environment)

    def spot(self, path: bytes) -> Spot:
        """The place of a file, remembered."""
        spot = self._spots.get(path)
        if spot is None:
            if len(self._spots) >= _MOST_REMEMBERED:
                self._spots.clear()
            spot = self._spots[path] = self._spot(path)
        return spot

    def _spot(self, path: bytes) -> Spot:
        if self._overrides.files:
            fits, place = self._overrides.place(path.decode(errors="backslashreplace"), self.names)
            if fits:
                return said_by_user(place)
        # Most files of a repository end here.
        lowered = path.lower().decode(errors="backslashreplace")
        folder, _, name = lowered.rpartition("/")
        extension = name.rpartition(".")[2]
        configures = extension in self._text or ".env" in name or name.startswith(_ANY_FORMAT)
        configures = (configures or "group_vars" in folder) and extension not in _CODE
        if not configures and extension not in self._below:
            return _NO_CONFIGURATION
        if len(path) > _LONGEST:
            return Spot(None, "its path is too long")
        parts = folder.split("/") if folder else []
        if reason := self._folders.foreign(parts):
            return Spot(None, reason)
        if name == "chart.yaml":
            return chart(path.decode(errors="backslashreplace").rpartition("/")[0])
        if name.lstrip(".").partition(".")[0] in self._tools:
            return Spot(None, "configuration of a tool, not of the program")
        written = path.decode(errors="backslashreplace").split("/")[:-1]
        folders = self._folders.read(parts, written)
        if not configures and not (folders.base or (folders.environment and folders.known)):
            return _NO_CONFIGURATION
        words = set(_WORD.findall(name))
        for role, marks in self._role_words.items():
            if not marks.isdisjoint(words):
                return beside(role, name, "/".join(folders.kept))
        return self._by_name(lowered, name, folders, written, extension in self._text)

    def _by_name(
        self, path: str, name: str, folders: Folders, written: list[str], text: bool
    ) -> Spot:
        stem = self._stem(name)
        for rule in self._rules:
            match = rule.pattern.search(path) if text or rule.any_format else None
            if match is None:
                continue
            groups = match.groupdict()
            stem_of_rule = rule.stem or groups.get("stem") or ""
            said = groups.get("name")
            if said is None:
                if rule.role == SEVERAL and stem in self._base_names:
                    break
                if rule.role == SEVERAL and folders.environment and not folders.known:
                    folders = Folders(written)
                if not folders.environment and not folders.base:
                    if stem_of_rule in self._base_names:
                        return self._set(rule, rule.role, "", "", folders)
                    return self._set(rule, rule.role, "", stem_of_rule or stem, folders)
                stem = stem_of_rule or stem
                break
            named = self.names.find(said)
            if named and (rule.names != "certain" or named.certain or folders.environment):
                leads = match.start("stem") < match.start("name") if groups.get("stem") else True
                environment, stem = _joined(named, stem_of_rule, leads)
                return self._set(rule, ENVIRONMENT, environment, stem, folders)
            if named or folders.environment or folders.base:
                continue
            if said in self._alone:
                return beside(LOCAL, name, "/".join(folders.kept))
            if rule.names == "open" and said not in self._base_names:
                return self._set(rule, ENVIRONMENT, said, stem_of_rule, folders, known=False)
        stem = "" if stem in self._base_names else stem
        if folders.environment:
            return self._set(BY_FOLDER, ENVIRONMENT, "", stem, folders)
        if folders.base:
            return self._set(BY_FOLDER, BASE, "", stem, folders)
        if not stem:
            return self._set(BY_STEM, BASE, "", "", folders)
        return self._by_sops(path, stem, folders) or Spot(None, _NAMES_NONE)

    def _by_sops(self, path: str, stem: str, folders: Folders) -> Spot | None:
        for rule in self._sops:
            try:
                fits = rule.fits(path)
            except TimeoutError:
                self._sops = tuple(each for each in self._sops if each is not rule)
                continue
            if fits:
                kept = [part for part in folders.kept if not self._names(part, rule.environment)]
                if self._names(stem, rule.environment):
                    stem = ""
                return self._set(BY_SOPS, ENVIRONMENT, rule.environment, stem, Folders(kept))
        return None

    def _names(self, word: str, environment: str) -> bool:
        named = self.names.find(word.lower())
        return named is not None and named.environment == environment

    def _set(
        self,
        rule: Rule,
        role: str,
        environment: str,
        stem: str,
        folders: Folders,
        known: bool = True,
    ) -> Spot:
        layer = _LAYER_OF_BASE
        if role == ENVIRONMENT:
            layer = _LAYER_OF_NAME if environment else _LAYER_OF_FOLDER
        if role == ENVIRONMENT and not environment:
            environment, known = folders.environment, folders.known
        plain = self._dull.sub("", stem).strip(_SEPARATORS)
        folder = "/".join(folders.kept)
        inside = "" if folders.whole else plain
        name = "/".join(each for each in (folder, inside) if each) or stem or "."
        named = self.names.find(environment) if environment else None
        sure = known and (rule is not BY_FOLDER or (folders.sure and named and named.certain))
        loose = rule.names == "certain" or not sure
        place = Place(name, environment, role, layer, rule.id)
        what = f"of {environment}" if environment else SAYING[role]
        beside = ", where another environment or a base is beside it" if loose else ""
        why = f"{what}, set {name}, by rule {rule.id}{beside}"
        return Spot(place, why, folder, plain, folders.whole, loose)

    def _stem(self, name: str) -> str:
        """A file's name without its format."""
        stem = name.lstrip(".")
        for _ in range(2):
            head, dot, extension = stem.rpartition(".")
            if not dot or not (extension in self._text or extension in self._below):
                break
            stem = head
        return stem


def _joined(named: Named, stem: str, leads: bool) -> tuple[str, str]:
    """Environment and stem, of a name that may hold more than the environment.

    What follows an environment's name after a stem tells environments apart
    (`values-prod-cluster1`); anything else is part of what the file is called.
    """
    if named.after and not named.before and stem and leads:
        return f"{named.environment}-{named.after}", stem
    inside = [named.before, named.after]
    return named.environment, "-".join(
        each for each in ([stem, *inside] if leads else [*inside, stem]) if each
    )


@cache
def known_names() -> Names:
    """What environments are called, as the package has it."""
    return Names(rule_table())


def canonical(name: str) -> str:
    """The one way to write an environment's name; an unknown one stays, in small letters."""
    return known_names().canonical(name)


def tier(environment: str) -> int:
    """0 where no one depends on it, to 4 where customers do."""
    return known_names().tier(environment)
