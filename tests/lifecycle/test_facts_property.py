"""Whatever the graph, and wherever a value goes: what is said of it is what plain git says."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors.template import expand
from fixtures_repos import layouts
from fixtures_repos.builder import ADA, BEN, CLEO
from fixtures_repos.git import git
from fixtures_repos.stories.story import token
from tests.lifecycle.as_git_tells import facts_of, git_facts
from tests.lifecycle.lives import cases_in, told_events
from tests.scan.as_git_says import GitSays
from tests.scan.histories import PATHS as NAMES
from tests.scan.histories import Step, Teller, names, steps
from tests.scan.scanning import Scanned, fingerprint, scan
from tests.scan.test_history_property import by_path, present_by_events

some = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)

TOKEN = token(31)
PASSWORD = expand("{alnum:24}", 32)
OTHER = expand("{alnum:28}", 33)
_LINES = b"".join(b"# line %d of a file that has many\n" % at for at in range(60))
CONTENTS = [
    b"harmless\n",
    b"DB_PASSWORD=%s\n" % PASSWORD,
    b"DB_PASSWORD=%s\n" % OTHER,
    b"DB_PASSWORD=%s\nDB_PASSWORD_OLD=%s\n" % (OTHER, PASSWORD),
    b"SETTING=%s\n" % OTHER,
    b"DB_PASSWORD=${DB_PASSWORD}\n",
    _LINES + b"he said it had been %s, before\n" % PASSWORD,
    b"z9%s0\n" % TOKEN + _LINES,
    b"SETTING=%s\n" % TOKEN,
    b"\0\xff binary\n" + PASSWORD + b"\0" + TOKEN,
]
"""No rule finds what stands in the fifth, in the last but three and two, and all of the last."""
PATHS = [*NAMES[:6], b"app/settings.env", b"docs/notes.md"]
PEOPLE = (ADA, BEN, CLEO)


def assert_as_git_tells(path: Path, index: Path, scanned: Scanned) -> None:
    """Of every value that some rule finds somewhere."""
    says = GitSays(path)
    default = None
    refs = {ref.split()[1]: ref.split()[0] for ref in _refs(says)}
    if "refs/heads/main" in refs:
        default = "refs/heads/main"
    found = cases_in(index)
    for value in (TOKEN, PASSWORD, OTHER):
        case = found.get(fingerprint(value))
        if case is None:
            continue
        assert case.life.swept
        placed = by_path(value, scanned)
        stories = says.stories(value)
        assert {
            name: (one.reach, one.at_head, one.at_tip, one.introduced, one.removed)
            for name, one in placed.items()
        } == {name: tuple(story) for name, story in stories.items()}
        presence = says.presence(value)
        for name, one in placed.items():
            expected = {commit for commit, there in presence.items() if name in there}
            assert present_by_events(says, one) == expected
        told = git_facts(says, value, default)
        mine = facts_of(case)
        assert mine.refs == told.refs
        assert mine.releases == told.releases
        assert mine.people == told.people
        if default:
            assert mine.stays == told.stays
            assert mine.at_default == told.at_default


def _refs(says: GitSays) -> list[str]:
    return git(says.path, "for-each-ref", "--format=%(objectname) %(refname)").decode().splitlines()


@some
@given(st.data())
def test_facts_agree_with_git_for_values_that_rules_lose_sight_of(data: st.DataObject) -> None:
    """In prose, glued to other letters, in binary files; under a root, a merge, an octopus."""
    told: list[Step] = data.draw(steps())
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index.db"
        teller = Teller(Path(folder) / "r", CONTENTS, PEOPLE, PATHS)
        teller.tell(told)
        teller.name(data.draw(names(len(told))))
        scanned = scan(teller.path, index)
        assert_as_git_tells(teller.path, index, scanned)


@some
@given(st.data())
def test_a_scan_before_and_one_after_tell_what_one_scan_does(data: st.DataObject) -> None:
    """Events, what they mean, and what they go with: also after refs moved and all was packed
    anew."""
    told: list[Step] = data.draw(steps())
    cut = data.draw(st.integers(1, len(told)))
    with tempfile.TemporaryDirectory() as folder:
        index, fresh = Path(folder) / "index.db", Path(folder) / "fresh.db"
        teller = Teller(Path(folder) / "r", CONTENTS, PEOPLE, PATHS)
        teller.tell(told[:cut])
        teller.name(data.draw(names(cut)))
        scan(teller.path, index)
        teller.tell(told[cut:])
        teller.name(data.draw(names(len(told))))
        scanned = scan(teller.path, index)
        assert_as_git_tells(teller.path, index, scanned)
        scan(teller.path, fresh)
        assert told_events(index) == told_events(fresh)
        assert lines_of(index) == lines_of(fresh)
        layouts.repack(teller.path, depth=50, window=20)
        scan(teller.path, index)
        assert told_events(index) == told_events(fresh)
        assert lines_of(index) == lines_of(fresh)


def lines_of(index: Path) -> dict[str, set[tuple[bytes | None, int, bool, bool]]]:
    """By secret: path and line of each place, whether at a tip, and whether found by value."""
    return {
        secret: {(one.path, one.line, one.at_tip, one.by_value) for one in case.life.places}
        for secret, case in cases_in(index).items()
    }
