"""`forensics drift`: environments side by side, and the history of their differences."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from fixtures_repos.builder import BEN, Builder
from tests.cli.command import forensics
from tests.cli.drift_web import BASE, HOST, PASSWORDS, Told, env, events, rows

pytestmark = pytest.mark.usefixtures("key")


def test_without_options_keys_stand_by_environments(web: Told) -> None:
    """Only what drifts; the rest is counted."""
    done = forensics("drift", web.path)
    assert (done.code, done.err) == (0, "")
    assert ["web"] in rows(done)
    assert ["KEY", "dev", "staging", "prod", "WHY"] in rows(done)
    assert ["CACHE_PREFIX", "A", "A", "-", "missing", "in", "prod"] in rows(done)
    assert not any(line[:1] == ["LOG_LEVEL"] for line in rows(done))
    everything = rows(forensics("drift", web.path, "--all"))
    assert ["LOG_LEVEL", "A", "A", "A"] in everything
    assert any(line[:4] == ["DB_HOST", "A", "B", "C"] for line in everything)


def test_json_has_every_key_with_where_it_stands(web: Told) -> None:
    """In each environment."""
    told = json.loads(forensics("drift", web.path, "--format", "json").out)
    assert (told["ref"], told["commit"]) == ("refs/heads/main", web.commits["last"])
    assert told["environments"] == ["dev", "staging", "prod"]
    keys = {one["key"]: one for one in told["keys"]}
    assert {one for one in keys if keys[one]["drift"]} == {"CACHE_PREFIX"}
    assert {one["set"] for one in told["keys"]} == {"web"}
    cells = keys["CACHE_PREFIX"]["cells"]
    assert cells["dev"]["state"] == "value"
    assert (cells["dev"]["class"], cells["dev"]["path"]) == ("A", "web/.env.dev")
    assert (cells["dev"]["line"], cells["dev"]["layer"]) == (7, "environment")
    assert (cells["prod"]["state"], cells["prod"]["class"]) == ("absent", None)
    assert [keys["DB_PASSWORD"]["cells"][name]["class"] for name in PASSWORDS] == ["A", "B", "C"]


def test_the_history_says_since_when_until_when_and_by_whom(web: Told) -> None:
    """Of what is closed and of what is open."""
    closed, still = (one for one in events(web.path) if one["kind"] in ("missing", "extra"))
    assert closed["key"] == "FEATURE_FLAGS"
    assert closed["opened_commit"] == web.commits["feature"]
    assert closed["closed_commit"] == web.commits["released"]
    assert (closed["present"], closed["missing"]) == (["dev", "staging"], ["prod"])
    assert closed["opened_by"] == BEN.decode()
    assert (closed["closed_how"], closed["certain"]) == ("added", True)
    assert closed["days"] == pytest.approx(1, abs=0.1)
    assert (still["key"], still["opened_commit"]) == ("CACHE_PREFIX", web.commits["cache"])
    assert (still["closed_commit"], still["accepted"]) == (None, False)
    only = events(web.path, "--open")
    assert "FEATURE_FLAGS" not in {one["key"] for one in only}
    assert "CACHE_PREFIX" in {one["key"] for one in only}


def test_as_of_a_commit_nothing_later_is_known(web: Told) -> None:
    """Neither its keys nor what closed its differences."""
    for name in (web.commits["feature"], web.commits["feature"][:12], "main~3"):
        told = json.loads(forensics("drift", web.path, "--at", name, "-f", "json").out)
        assert told["commit"] == web.commits["feature"]
        assert {one["key"] for one in told["keys"] if one["drift"]} == {"FEATURE_FLAGS"}
    (one,) = events(web.path, "--at", web.commits["feature"], "--kind", "missing")
    assert (one["key"], one["closed_commit"]) == ("FEATURE_FLAGS", None)


def test_another_branch_has_a_line_of_its_own(web: Told) -> None:
    """With what only it changed."""
    web.builder.branch("hotfix")
    web.builder.checkout("hotfix")
    web.builder.write("web/.env.prod", env(BASE | {"DB_HOST": "x", "ONLY_HERE": "fixed"}))
    commit = web.builder.commit("Hotfix")
    web.builder.checkout("main")
    told = json.loads(forensics("drift", web.path, "--ref", "hotfix", "-f", "json").out)
    assert told["commit"] == commit
    assert "ONLY_HERE" in {one["key"] for one in told["keys"]}
    here = json.loads(forensics("drift", web.path, "-f", "json").out)
    assert "ONLY_HERE" not in {one["key"] for one in here["keys"]}
    new = events(web.path, "--ref", "hotfix", "--since", "main")
    assert {one["opened_commit"] for one in new if one["closed_commit"] is None} == {commit}
    assert {one["closed_commit"] for one in new} <= {commit, None}


def test_two_environments_are_compared_alone_by_any_of_their_names(web: Told) -> None:
    """What only the third differs in is no drift between them."""
    told = json.loads(
        forensics("drift", web.path, "--between", "stage", "Production", "-f", "json").out
    )
    assert told["environments"] == ["staging", "prod"]
    assert {one["key"] for one in told["keys"] if one["drift"]} == {"CACHE_PREFIX"}
    assert {tuple(one["cells"]) for one in told["keys"]} == {("staging", "prod")}
    pair = ("--between", "dev", "staging")
    both = forensics("drift", web.path, *pair, "--detailed-exitcode")
    assert both.code == 0
    assert events(web.path, *pair, "--kind", "missing") == []


def test_sets_keys_kinds_and_severities_narrow_it(web: Told) -> None:
    """In the matrix as in the history."""
    told = json.loads(forensics("drift", web.path, "--key", "DB_*", "-f", "json").out)
    assert {one["key"] for one in told["keys"]} == {"DB_HOST", "DB_PASSWORD"}
    assert {one["key"] for one in events(web.path, "--key", "CACHE*")} == {"CACHE_PREFIX"}
    assert {one["kind"] for one in events(web.path, "--kind", "missing")} == {"missing"}
    assert events(web.path, "--severity", "critical") == []
    assert events(web.path, "--set", "w*") == events(web.path)
    nothing = forensics("drift", web.path, "--key", "nothing")
    assert (nothing.code, nothing.error()) == (0, "nothing matches")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--set", "api"), "there is no set 'api'; these are: web"),
        (("--between", "dev", "qa"), "there is no environment 'qa' here; these are: dev, staging"),
        (("--between", "prod", "production"), "--between names one environment twice"),
        (("--at", "nowhere"), "nowhere"),
        (("--open",), "--history"),
        (("--at", "main", "--ref", "main"), "one of them"),
        (("--history", "--show-values"), "--show-values"),
        (("--explain", "-f", "sarif"), "--explain is not written as sarif"),
        (("--acceptances", "none.toml"), "none.toml cannot be read"),
        (("--config", "none.toml"), "none.toml"),
        (("--format", "xml"), "'xml'"),
        (("--bogus",), "Try 'forensics drift --help'"),
        (("--at", ""), "--at, --ref or --since is empty"),
        (("--history", "--since", ""), "--at, --ref or --since is empty"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_line_and_2_or_1_as_terraform_has_it(
    web: Told, words: tuple[str, ...], said: str
) -> None:
    """An error is never taken for drift, which 2 stands for there."""
    plain = forensics("drift", web.path, *words)
    assert (plain.code, plain.out) == (2, "")
    assert said in plain.error()
    assert forensics("drift", web.path, *words, "--detailed-exitcode").code == 1


def test_the_exit_code_tells_drift_only_where_it_was_asked_to(web: Told) -> None:
    """0 none, 2 drift; what is closed is none."""
    words = ("drift", web.path, "--detailed-exitcode")
    assert forensics("drift", web.path).code == 0
    assert forensics(*words).code == 2
    assert forensics(*words, "--history").code == 2
    assert forensics(*words, "--key", "LOG_LEVEL").code == 0
    assert forensics(*words, "--history", "--key", "FEATURE_FLAGS").code == 0
    assert forensics(*words, "--at", web.commits["released"]).code == 0


def test_what_does_not_parse_is_uncertain_and_never_missing(web: Told) -> None:
    """It is said, and makes the exit code 1 where nothing else drifts."""
    web.builder.write("api/config/dev.json", '{"port": 8080, "name": "api"}')
    web.builder.write("api/config/prod.json", '{"port": 8080, "name": "api"}')
    web.builder.commit("A second component")
    web.builder.write("api/config/prod.json", '{"port": 8080, ')
    web.builder.commit("A slip")
    words = ("drift", web.path, "--set", "api*")
    done = forensics(*words, "--detailed-exitcode", "-f", "json")
    assert done.code == 1
    assert "api/config/prod.json does not parse" in done.error()
    told = json.loads(done.out)
    assert [one["path"] for one in told["uncertain"]] == ["api/config/prod.json"]
    assert {one["cells"]["prod"]["state"] for one in told["keys"]} == {"uncertain"}
    assert [one for one in events(web.path, "--set", "api*") if one["kind"] == "missing"] == []


def test_the_history_of_what_is_gone_can_be_asked_for(web: Told) -> None:
    """By a set or an environment that there is no longer."""
    for name in PASSWORDS:
        web.builder.delete(f"web/.env.{name}")
    web.builder.commit("Gone")
    (closed, also) = events(
        web.path, "--set", "web", "--kind", "missing", "--between", "dev", "prod"
    )
    assert (closed["key"], also["key"]) == ("FEATURE_FLAGS", "CACHE_PREFIX")
    assert also["closed_commit"]
    assert forensics("drift", web.path, "--detailed-exitcode").code == 0


def test_sarif_points_at_the_line_where_others_have_the_key(web: Told) -> None:
    """So that a reviewer sees it beside the change."""
    log = json.loads(forensics("drift", web.path, "-f", "sarif").out)
    (found,) = log["runs"][0]["results"]
    place = found["locations"][0]["physicalLocation"]
    assert found["ruleId"] == "drift/missing"
    assert place["artifactLocation"]["uri"] == "web/.env.dev"
    assert place["region"]["startLine"] == 7
    history = json.loads(forensics("drift", web.path, "--history", "-f", "sarif").out)
    assert history["runs"][0]["results"] == log["runs"][0]["results"]


def test_csv_has_a_line_a_cell_and_a_line_an_event(web: Told) -> None:
    """With headers."""
    cells = [*csv.DictReader(io.StringIO(forensics("drift", web.path, "-f", "csv").out))]
    assert len(cells) == 3 * 7
    told = [*csv.DictReader(
        io.StringIO(forensics("drift", web.path, "--history", "-f", "csv").out)
    )]  # fmt: skip
    assert {"FEATURE_FLAGS", "CACHE_PREFIX"} <= {one["key"] for one in told}


def test_a_repository_without_environments_says_so(tmp_path: Path) -> None:
    """And how to find out why."""
    builder = Builder(tmp_path / "plain")
    builder.write("main.py", "print(1)\n")
    builder.commit("Start")
    done = forensics("drift", builder.populate(), "--detailed-exitcode")
    assert done.code == 0
    assert "--explain" in done.error()


def test_its_help_tells_its_options_and_the_commands_below_it() -> None:
    """Though it has both."""
    out = forensics("drift", "--help").out
    assert out.startswith("Usage: forensics drift [OPTIONS] [PATH]")
    for word in ("--history", "--detailed-exitcode", "accept"):
        assert word in out


def test_a_branch_is_compared_with_what_it_left(web: Told) -> None:
    """As a pipeline does for what is checked out, be it a branch or a commit."""
    web.builder.branch("topic")
    web.builder.checkout("topic")
    web.builder.write("web/.env.dev", env(BASE | {"DB_HOST": HOST.format("dev"), "NEW": "9"}))
    commit = web.builder.commit("Topic")
    for detach in (False, True):
        if detach:
            web.builder.detach(commit)
        told = events(web.path, "--open", "--ref", "HEAD", "--since", "main")
        assert "NEW" in {one["key"] for one in told}
        assert {one["opened_commit"] for one in told} == {commit}
