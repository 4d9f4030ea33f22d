"""`forensics config check`, and the gate of drift."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.stories.story import begin
from tests.cli.command import forensics

pytestmark = pytest.mark.usefixtures("key")

SAID = """
[gate]
default = "pass"

[[gate.rules]]
paths = ["tests/**"]
action = "pass"
reason = "made up"

[[gate.rules]]
paths = ["tests/unit/**"]
severity = "high"
action = "fail"

[[gate.rules]]
rules = ["github.*"]
severity = "high"
new-since = "HEAD~2"
action = "fail"
"""


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """A file of the user's."""
    file = tmp_path / "policy.toml"
    file.write_text(SAID)
    return file


def test_every_place_is_named_with_what_came_of_it(
    leaked: Path, policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Used, not given, not set, not there, not trusted."""
    done = forensics("config", "check", leaked)
    assert done.code == 0
    for said in ("--policy", "FORENSICS_CONFIG", "not given", "not set", "not there"):
        assert said in done.out
    assert f"{leaked}/forensics.toml" in done.out
    assert "--trust-repo-config" in done.out
    monkeypatch.setenv("FORENSICS_CONFIG", str(policy))
    (leaked / "forensics.toml").write_text("[gate]\n")
    done = forensics("config", "check", leaked, "--trust-repo-config")
    assert f"FORENSICS_CONFIG {policy}" in done.out
    assert "not used: an earlier one is" in done.out


def test_entries_are_told_in_words_and_how_many_findings_each_decides(
    leaked: Path, policy: Path
) -> None:
    """Where there is an index."""
    done = forensics("config", "check", leaked, "--policy", policy)
    assert "1  pass: path tests/** (made up)\n" in done.out
    assert "3  fail: rule github.*, severity high or worse, new since HEAD~2\n" in done.out
    assert "pass: all others\n" in done.out
    forensics("scan", leaked)
    done = forensics("config", "check", leaked, "--policy", policy)
    assert "new since HEAD~2  [1 finding]" in done.out
    assert "all others  [0 findings]" in done.out


def test_an_entry_that_never_decides_is_named(leaked: Path, policy: Path) -> None:
    """An earlier one fits all that it fits."""
    done = forensics("config", "check", leaked, "--policy", policy)
    assert done.code == 0
    assert done.error() == (
        "entry 2 of [[gate.rules]] never decides: entry 1 fits all that it fits"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--path", "tests/x"), "entry 1 decides: pass"),
        (("--path", "x", "--severity", "low"), "the default decides: pass"),
        (("--path", "x", "--rule", "slack.bot-token"), "the default decides: pass"),
        (
            ("--path", "x", "--rule", "gitleaks:github-pat"),
            "entry 3 decides if its severity and new-since hold: fail; else\n",
        ),
        (
            ("--path", "x", "--rule", "github.pat-classic", "--severity", "critical"),
            "entry 3 decides if its new-since holds: fail; else\n  the default decides: pass",
        ),
    ],
)
def test_it_says_which_entry_would_decide(
    leaked: Path, policy: Path, words: tuple[str, ...], said: str
) -> None:
    """As far as it was told what the finding is like."""
    done = forensics("config", "check", leaked, "--policy", policy, *words)
    assert done.code == 0
    assert said in done.out


def test_all_sections_are_checked(leaked: Path, policy: Path) -> None:
    """Also what no gate asks for."""
    for said, code in (("[drift]\nx = 1\n", 2), ("[drift.tiers]\ndev = 1\n", 0), ("[tui]\n", 0)):
        policy.write_text(said)
        done = forensics("config", "check", leaked, "--policy", policy)
        assert done.code == code
        assert code or "There is no [gate]" in done.out
    assert "nothing reads it yet" in done.err


@pytest.mark.parametrize(
    "words", [("--rule", "no.such"), ("--status", "gone"), ("--index", "none.db")]
)
def test_what_is_not_known_is_2(leaked: Path, policy: Path, words: tuple[str, ...]) -> None:
    """In one line."""
    assert forensics("config", "check", leaked, "--policy", policy, *words).code == 2


@pytest.fixture
def drifted(tmp_path: Path) -> Path:
    """A key was added for dev, and never for production."""
    builder, _ = begin(tmp_path / "drifted")
    for name in ("dev", "prod"):
        builder.write(f"web/.env.{name}", "RETRIES=3\nREGION=eu\n")
    builder.commit("Configure")
    builder.write("web/.env.dev", "RETRIES=3\nREGION=eu\nCACHE_PREFIX=a\n")
    builder.commit("Cache")
    return builder.populate()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("[gate]\n", 0),
        ("[[gate.drift]]\naction = 'fail'\n", 1),
        ("[[gate.drift]]\naction = 'pass'\n", 0),
        (
            "[[gate.drift]]\nkinds = ['missing']\nenvironments = ['production']\naction = 'pass'\n",
            0,
        ),
        ("[[gate.drift]]\nenvironments = ['dev']\naction = 'pass'\n", 1),
        ("[[gate.drift]]\nkinds = ['shared']\naction = 'pass'\n", 1),
        ("[[gate.drift]]\nsets = ['w*']\nkeys = ['CACHE_*']\naction = 'pass'\n", 0),
        ("[[gate.drift]]\nopen-days = 9999\naction = 'pass'\n", 1),
        ("[gate]\ndefault = 'pass'\n[[gate.drift]]\nkeys = ['X']\naction = 'fail'\n", 0),
    ],
)
def test_drift_fails_where_the_policy_says_so(
    drifted: Path, tmp_path: Path, said: str, code: int
) -> None:
    """Only if it says anything of drift; --detailed-exitcode stays what it is."""
    file = tmp_path / "policy.toml"
    file.write_text(said)
    assert forensics("drift", drifted).code == 0
    for option in ("--policy", "--config"):
        done = forensics("drift", drifted, option, file)
        assert done.code == code
        assert "CACHE_PREFIX" in done.out
        assert ("1 of 1 difference" in done.err) is (code == 1)
    assert forensics("drift", drifted, "--policy", file, "--detailed-exitcode").code == 2


def test_what_does_not_parse_is_never_0_under_a_policy(drifted: Path, tmp_path: Path) -> None:
    """It could hide drift."""
    from fixtures_repos.git import git

    file = tmp_path / "policy.toml"
    file.write_text("[[gate.drift]]\naction = 'pass'\n")
    for name in ("dev", "prod"):
        (drifted / f"web/{name}.yaml").write_text("a: [\n" if name == "prod" else "a: 1\n")
    git(drifted, "add", ".")
    git(drifted, "commit", "-q", "-m", "Break")
    assert forensics("drift", drifted).code == 0
    assert forensics("drift", drifted, "--policy", file).code == 3


def test_drift_takes_the_users_own_file_and_not_the_repositorys(
    drifted: Path, no_user: Path
) -> None:
    """Unless it is trusted."""
    said = "[[gate.drift]]\naction = 'fail'\n"
    (drifted / "forensics.toml").write_text(said)
    done = forensics("drift", drifted)
    assert (done.code, "is not used" in done.err) == (0, True)
    assert forensics("drift", drifted, "--trust-repo-config").code == 1
    own = no_user / "config/git-forensics/forensics.toml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(said)
    assert forensics("drift", drifted).code == 1
