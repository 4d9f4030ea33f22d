"""What is wrong with the environment variables of one commit."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Set

from forensics.drift.env_vars.gathered import Gathered
from forensics.drift.env_vars.known import consumed, provided
from forensics.drift.env_vars.model import (
    EXAMPLE,
    FILE,
    KINDS,
    Definition,
    EnvFinding,
    EnvUse,
)
from forensics.drift.env_vars.reach import Reach

__all__ = ["Words", "counts", "found_in", "needs_value", "unread"]

Words = Callable[[Set[str]], Set[str]]
"""Which of some names stand anywhere in the tree besides where they are defined."""

_BESIDE = re.compile(
    rb"(?:^|/)(?:examples?|samples?|docs?|demos?|templates?|benchmarks?|storybook|\.storybook)/"
)
_TOOLS = re.compile(rb"(?:^|/)(?:scripts?|tools?|hack|ci|\.github|terraform)/")
"""Where code runs beside the program: its variables need no line in the program's example."""
_ONLY_REQUIRED = frozenset(("shell", "makefile", "dockerfile"))
"""Languages whose variables come from whoever starts them: only what they fail without counts."""
_FOR_TESTS = re.compile(r"(?:.*-)?(?:tests?|ci|unit|functional|e2e)(?:-.*)?")
"""Environments in which much is missing on purpose."""
_NETWORKS = frozenset(("mainnet", "testnet", "sandbox", "canary", "dr"))
"""Layers beside environments, where a set has both."""
_SCHEMAS = frozenset(("z.object", "createEnv", "parseEnv", "cleanEnv"))
_ALIKE = 4
"""An environment counts where it defines at least one in so many names of its set."""
_SEVERITIES = {"required": "high", "none": "medium"}


def _needing(tree: Gathered) -> Iterator[EnvUse]:
    """Reads that need a value, also by what a schema of the same component says of the name."""
    said = {
        (use.component, use.name)
        for use in tree.uses
        if use.how in _SCHEMAS and not use.test and (use.optional or use.default not in _SEVERITIES)
    }
    for use in tree.uses:
        if needs_value(use) and (use.how in _SCHEMAS or (use.component, use.name) not in said):
            yield use


def needs_value(use: EnvUse) -> bool:
    """Whether a read leaves the program without a value if nobody defines one."""
    if not counts(use) or use.optional:
        return False
    allowed = ("required",) if use.language in _ONLY_REQUIRED else ("required", "none")
    return use.default in allowed


def counts(use: EnvUse) -> bool:
    """Whether a read is one of the program's own, under a name that is sure."""
    return bool(use.name) and use.certain and not use.test and not _BESIDE.search(use.path)


def found_in(tree: Gathered, words: Words) -> list[EnvFinding]:
    """All findings, by kind, component and name; without since when.

    Args:
        tree: what was gathered.
        words: asked once, for the names that no read is known of.
    """
    reach = Reach(tree)
    found = [
        *_undefined(tree, reach), *_missing(tree, reach), *_undocumented(tree, reach),
        *_unused(tree, words),
    ]  # fmt: skip
    return sorted(found, key=lambda one: (KINDS.index(one.kind), one.component, one.name))


def _by_name(uses: Iterable[EnvUse]) -> dict[tuple[str, str], list[EnvUse]]:
    """Reads by component and name, the one that fails first in front."""
    grouped: dict[tuple[str, str], list[EnvUse]] = defaultdict(list)
    for use in uses:
        grouped[use.component, use.name].append(use)
    for each in grouped.values():
        each.sort(key=lambda use: (use.default != "required", use.path, use.line))
    return grouped


def _finding(kind: str, uses: list[EnvUse], severity: str = "") -> EnvFinding:
    first = uses[0]
    return EnvFinding(
        kind, first.name, first.component, first.path, first.line,
        severity or _SEVERITIES.get(first.default, "low"), first.default, len(uses),
    )  # fmt: skip


def _undefined(tree: Gathered, reach: Reach) -> Iterator[EnvFinding]:
    """Read without a default, and defined nowhere that reaches it."""
    for (_, name), uses in _by_name(_needing(tree)).items():
        if provided(name, uses[0].language):
            continue
        reaching = list(reach.definitions(uses[0]))
        # What only hands on a name asks for it itself.
        asking = [use for use in uses if use.language == "compose"] if reaching else uses
        if asking and all(one.passes for one in reaching):
            yield _finding("used-undefined", asking)


def _undocumented(tree: Gathered, reach: Reach) -> Iterator[EnvFinding]:
    """Read without a default, and not in the example that the component has."""
    for (component, name), uses in _by_name(
        use
        for use in _needing(tree)
        if use.language not in _ONLY_REQUIRED and not _TOOLS.search(use.path)
    ).items():
        if provided(name, uses[0].language) or not reach.examples(component):
            continue
        if not any(one.role == EXAMPLE for one in reach.definitions(uses[0])):
            yield _finding("undocumented", uses, "low")


def _missing(tree: Gathered, reach: Reach) -> Iterator[EnvFinding]:
    """Read without a default, and defined in some environments of a set but not in another."""
    environments: dict[str, list[str]] = defaultdict(list)
    for group, environment in tree.placed:
        environments[group].append(environment)
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in tree.definitions:
        if one.environment and one.set:
            names[one.set, one.environment].add(one.name)
    alike = {group: list(_alike(group, all_, names)) for group, all_ in environments.items()}
    for (_, name), uses in _by_name(_needing(tree)).items():
        reaching = [one for one in reach.definitions(uses[0]) if not one.passes]
        # Where something gives it to every environment, none lacks it.
        if any(_everywhere(one) for one in reaching) or provided(name, uses[0].language):
            continue
        for group in dict.fromkeys(one.set for one in reaching if one.set and one.environment):
            ours = [one for one in reaching if one.set == group]
            layers = frozenset() if _NETWORKS.issuperset(environments[group]) else _NETWORKS
            present = {one.environment for one in ours if _people(one.environment)}
            if present & layers:
                continue
            if any(not one.environment for one in ours):
                continue  # in the base of the set
            missing = [
                each
                for each in alike.get(group, ())
                if each not in present and each not in layers and _people(each)
            ]
            if missing and present:
                yield _finding("missing-in-environment", uses)._replace(
                    present=tuple(sorted(present)), missing=tuple(sorted(missing)), set=group
                )
                break


def _people(environment: str) -> bool:
    """Whether more than tests run in it."""
    return bool(environment) and _FOR_TESTS.fullmatch(environment) is None


def _everywhere(one: Definition) -> bool:
    return one.role in ("manifest", "image") and not one.environment


def _alike(
    group: str, environments: list[str], names: dict[tuple[str, str], set[str]]
) -> Iterator[str]:
    """The environments of a set that define enough of its names to be compared."""
    everything = set().union(*(names[group, each] for each in environments))
    for each in environments:
        others = set().union(*(names[group, other] for other in environments if other != each))
        mine = names[group, each]
        if mine & others and len(mine) * _ALIKE >= len(everything):
            yield each


def unread(tree: Gathered) -> set[str]:
    """Names that are defined for the code alone, or documented, and that no read is known of."""
    read = {use.name.upper() for use in tree.uses}
    loose = {use.name for use in tree.uses if not use.certain and use.name}
    ends = tuple(f"_{name}" for name in loose)  # a prefix can stand before these
    found = set()
    for one in tree.definitions:
        if (
            not one.own
            or one.passes
            or "__" in one.name
            or consumed(one.name)
            or one.name.upper() in read
        ):
            continue
        if not (ends and one.name.endswith(ends)):
            found.add(one.name)
    return found


def _unused(tree: Gathered, words: Words) -> Iterator[EnvFinding]:
    """Defined for the code, or documented, and named nowhere else."""
    candidates = unread(tree)
    left = candidates - words(candidates) if candidates else set()
    made_up = {use.component for use in tree.uses if not use.name and not use.test}
    places: dict[tuple[str, str, str], list[Definition]] = defaultdict(list)
    for one in tree.definitions:
        if one.own and one.name in left and not provided(one.name):
            kind = "documented-unused" if one.role == EXAMPLE else "defined-unused"
            places[kind, one.component, one.name].append(one)
    for (kind, component, name), defined in places.items():
        first = min(defined, key=lambda one: (one.role != FILE, one.path, one.line))
        yield EnvFinding(
            kind, name, component, first.path, first.line, "low", "", len(defined),
            present=tuple(sorted({one.environment for one in defined if one.environment})),
            certain=component not in made_up,
        )  # fmt: skip
