"""`forensics drift`: environments side by side, and the history of their differences."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from detectors.template import expand
from fixtures_repos.builder import BEN, Builder
from fixtures_repos.stories.story import token
from tests.cli.command import Done, forensics

pytestmark = pytest.mark.usefixtures("key")

FORMATS = ("table", "json", "jsonl", "csv", "sarif", "markdown")
PASSWORDS = {name: token(seed).decode() for seed, name in enumerate(("dev", "staging", "prod"), 1)}
HOST = "{}.db.acme.example"
BASE = {"LOG_LEVEL": "info", "RETRIES": "17", "WORKERS_MODE": "prefork"}


class Told(NamedTuple):
    """A repository and its commits by name."""

    path: Path
    builder: Builder
    commits: dict[str, str]


def env(values: Mapping[str, str]) -> str:
    """A dotenv file."""
    return "".join(f"{name}={value}\n" for name, value in values.items())


@pytest.fixture
def web(tmp_path: Path) -> Told:
    """Three environments: production lacks one key for a while and another until now."""
    builder = Builder(tmp_path / "web")
    has = {
        name: BASE | {"DB_HOST": HOST.format(name), "DB_PASSWORD": PASSWORDS[name]}
        for name in PASSWORDS
    }

    def commit(name: str, author: bytes = BEN) -> str:
        for environment, values in has.items():
            builder.write(f"web/.env.{environment}", env(values))
        builder.wait(days=1)
        return builder.commit(name, author=author)

    commits = {"start": commit("Start")}
    for name in ("dev", "staging"):
        has[name]["FEATURE_FLAGS"] = "alpha"
    commits["feature"] = commit("Flags")
    has["prod"]["FEATURE_FLAGS"] = "alpha"
    commits["released"] = commit("Flags in production")
    for name in ("dev", "staging"):
        has[name]["CACHE_PREFIX"] = "web7"
    commits["cache"] = commit("Cache")
    builder.write("README.md", "# Web\n")
    commits["last"] = builder.commit("Words")
    return Told(builder.populate(), builder, commits)


def events(path: Path, *words: object) -> list[dict[str, object]]:
    """The history, every object of it."""
    return forensics("drift", path, "--history", "-f", "jsonl", *words).lines


def rows(done: Done) -> list[list[str]]:
    """The words of each line of a table."""
    return [line.split() for line in done.out.splitlines()]


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


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("history", [(), ("--history",)], ids=["now", "history"])
def test_no_format_shows_a_value(web: Told, output_format: str, history: tuple[str, ...]) -> None:
    """Of secrets or of anything else."""
    done = forensics("drift", web.path, "--all", "-f", output_format, *history)
    assert done.code == 0
    assert "CACHE_PREFIX" in done.out
    for value in (*PASSWORDS.values(), *map(HOST.format, PASSWORDS), "prefork", "web7", "alpha"):
        assert value not in done.out + done.err


def test_values_are_shown_where_asked_for_but_of_nothing_that_looks_secret(web: Told) -> None:
    """Neither by its name, nor by what stands there."""
    hidden = token(9).decode()
    for name in PASSWORDS:
        more = {"LINK": f"https://ada:{hidden}@acme.example/", "CODE": hidden, "PIN": "7391"}
        web.builder.write(f"web/.env.{name}", env(BASE | more))
    web.builder.commit("Links")
    for output_format in ("table", "json", "jsonl", "csv", "markdown"):
        done = forensics("drift", web.path, "--all", "--show-values", "-f", output_format)
        assert "prefork" in done.out
        for value in (*PASSWORDS.values(), hidden, "7391"):
            assert value not in done.out + done.err
    told = json.loads(forensics("drift", web.path, "--show-values", "-f", "json").out)
    keys = {one["key"]: one["cells"]["prod"].get("value") for one in told["keys"]}
    assert keys["WORKERS_MODE"] == "prefork"
    assert (keys["LINK"], keys["CODE"], keys["PIN"]) == (None, None, None)


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


def test_nothing_that_is_printed_depends_on_the_key(
    web: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another key gives the same, byte for byte."""
    words = [("drift", web.path, "-f", one, *more)
             for one in FORMATS for more in ((), ("--history",))]  # fmt: skip
    before = [forensics(*one).out for one in words]
    (web.path / ".git/forensics/index.db").unlink()
    monkeypatch.setenv("FORENSICS_KEY", "07" * 32)
    after = [forensics(*one).out for one in words]
    assert after == before


def test_csv_has_a_line_a_cell_and_a_line_an_event(web: Told) -> None:
    """With headers."""
    cells = [*csv.DictReader(io.StringIO(forensics("drift", web.path, "-f", "csv").out))]
    assert len(cells) == 3 * 7
    told = [*csv.DictReader(
        io.StringIO(forensics("drift", web.path, "--history", "-f", "csv").out)
    )]  # fmt: skip
    assert {"FEATURE_FLAGS", "CACHE_PREFIX"} <= {one["key"] for one in told}


def test_what_is_accepted_is_no_drift_until_it_expires(web: Told) -> None:
    """It is still told, with who accepted it."""
    said = ("--set", "web", "--key", "CACHE_*", "--reason", "no cache there", "--owner", "ops")
    forensics("drift", "accept", *said, "--expires", "30d", "-C", web.path)
    file = web.path / ".forensics-drift.toml"
    words = ("drift", web.path, "--detailed-exitcode", "--acceptances", file)
    assert forensics(*words).code == 0
    (one,) = events(web.path, "--acceptances", file, "--open", "--kind", "missing")
    assert one["accepted"] is True
    assert str(one["acceptance"]).startswith("no cache there (ops, until ")
    log = json.loads(forensics(*words, "-f", "sarif").out)
    assert [one["suppressions"][0]["kind"] for one in log["runs"][0]["results"]] == ["external"]
    text = file.read_text()
    file.write_text(text[: text.index("expires = ")] + "expires = 2024-01-01\n")
    late = forensics(*words)
    assert late.code == 2
    assert "2024-01-01 expired and no longer counts" in late.error()


def test_what_a_repository_accepts_itself_is_not_believed(web: Told) -> None:
    """Unless somebody names the file; that it lies there is said."""
    said = ("--set", "*", "--key", "*", "--reason", "all is well", "--owner", "mallory")
    forensics("drift", "accept", *said, "--expires", "30d", "-C", web.path)
    done = forensics("drift", web.path, "--detailed-exitcode")
    assert done.code == 2
    assert "is not used; name it with --acceptances" in done.error()


def test_an_acceptance_of_nothing_is_told(web: Told) -> None:
    """With its place; not where only a part was looked at."""
    said = ("--set", "web", "--key", "LOG_LEVEL", "--reason", "old", "--owner", "ops")
    forensics("drift", "accept", *said, "--expires", "30d", "-C", web.path)
    words = ("drift", web.path, "--acceptances", web.path / ".forensics-drift.toml")
    assert "accepts nothing" in forensics(*words).error()
    assert forensics(*words, "--key", "CACHE_*").err == ""


def test_a_symbolic_link_is_explained_as_not_read(web: Told) -> None:
    """And is no environment's file."""
    (web.path / "web" / ".env.qa").symlink_to(".env.prod")
    git = ("git", "-C", str(web.path), "-c", "user.name=A", "-c", "user.email=a@example.com")
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "Link"], check=True)
    done = forensics("drift", web.path, "--explain")
    assert "web/.env.qa is a symbolic link, which is not read" in done.err
    assert ".env.qa" not in done.out


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_secret_in_the_name_of_a_branch_is_masked(web: Told, output_format: str) -> None:
    """Also where the branch was asked for by it."""
    secret = f"ghp_{expand('{alnum:36}').decode()}"
    subprocess.run(["git", "-C", web.path, "branch", secret], check=True)
    done = forensics("drift", web.path, "--ref", secret, "-f", output_format)
    assert done.code == 0
    assert secret not in done.out + done.err


def test_every_file_is_explained(web: Told) -> None:
    """What is no configuration only where all is asked for."""
    told = {
        one["path"]: one for one in forensics("drift", web.path, "--explain", "-f", "jsonl").lines
    }
    assert [*told] == ["web/.env.dev", "web/.env.prod", "web/.env.staging"]
    assert told["web/.env.prod"]["environment"] == "prod"
    assert told["web/.env.prod"]["used"] == [{"set": "web", "environment": "prod"}]
    assert told["web/.env.prod"]["rule"]
    everything = forensics("drift", web.path, "--explain", "--all", "-f", "jsonl").lines
    (words,) = [one for one in everything if one["path"] == "README.md"]
    assert (words["set"], bool(words["why"])) == (None, True)
    before = forensics("drift", web.path, "--explain", "--at", web.commits["cache"], "--all")
    assert "README.md" not in before.out
    assert forensics("drift", web.path, "--explain", "--at", "nowhere").code == 2
    assert forensics("drift", web.path, "--explain", "--set", "api").error() == "nothing matches"
    table = forensics("drift", web.path, "--explain")
    assert any(line[0] == "web/.env.prod" for line in rows(table))
    assert not (web.path / ".git/forensics").exists()


def test_a_configuration_of_ones_own_names_environments(web: Told, tmp_path: Path) -> None:
    """Only where it is named."""
    config = tmp_path / "forensics.toml"
    config.write_text('[drift.aliases]\nlive7 = "prod"\n')
    done = forensics("drift", web.path, "--between", "dev", "live7", "--config", config)
    assert ["KEY", "dev", "prod", "WHY"] in rows(done)
    assert forensics("drift", web.path, "--between", "dev", "live7").code == 2


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


def test_a_secret_in_the_name_of_a_file_is_masked(tmp_path: Path) -> None:
    """Whatever is asked, and in every format."""
    secret = token(7).decode()
    builder = Builder(tmp_path / "named")
    for number, name in enumerate(PASSWORDS):
        builder.write(f"{secret}/.env.{name}", env({"A": "1", f"B{number}": "2"}))
    builder.commit("Start")
    path = builder.populate()
    for words in ((), ("--history",), ("--explain",), ("--set", "none")):
        for output_format in FORMATS if "--explain" not in words else FORMATS[:4]:
            done = forensics("drift", path, "--all", "-f", output_format, *words)
            assert secret not in done.out + done.err
    assert "****" in forensics("drift", path).out
    assert "****" in forensics("drift", path, "--set", "none").error()


def test_values_of_kubernetes_secrets_are_not_shown_wherever_else_they_stand(
    tmp_path: Path,
) -> None:
    """For their keys may have any name."""
    builder = Builder(tmp_path / "cluster")
    head = "apiVersion: v1\nkind: {}\nmetadata:\n  name: web\n{}:\n"
    for name in ("dev", "prod"):
        secret = f"  USER_WORD: quiet-{name}-otter\n"
        plain = f"  ANIMAL: quiet-{name}-otter\n  SHAPE: round\n  WINGS: {len(name)}\n"
        builder.write(f"overlays/{name}/secret.yaml", head.format("Secret", "stringData") + secret)
        builder.write(f"overlays/{name}/config.yaml", head.format("ConfigMap", "data") + plain)
    builder.commit("Start")
    words = ("drift", builder.populate(), "--show-values", "-f", "json")
    done = forensics(*words)
    told = {one["key"]: one["cells"] for one in json.loads(done.out)["keys"]}
    assert "otter" not in done.out
    assert "otter" not in forensics(*words, "--key", "*ANIMAL").out
    assert any(key.endswith("USER_WORD") for key in told)
    (shape,) = (cells for key, cells in told.items() if key.endswith("SHAPE"))
    assert [cell["value"] for cell in shape.values()] == ["round", "round"]


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


def test_rules_of_sops_place_what_nothing_else_does(tmp_path: Path) -> None:
    """A path_regex that names an environment says whose the files are that it fits."""
    told = Builder(tmp_path / "repository")
    told.write("sealed/int/db.yaml", "a: 1\nb: 1\n")
    told.write("sealed/perf/db.yaml", "a: 1\n")
    told.commit("Start")
    told.populate()
    given = ("drift", tmp_path / "repository", "--index", tmp_path / "i.db", "--history")
    assert forensics(*given, "-f", "jsonl").lines == []
    told.write(
        ".sops.yaml",
        "creation_rules:\n"
        + "".join(f"  - path_regex: sealed/{name}/.*\n" for name in ("int", "perf")),
    )
    told.commit("Rules")
    told.populate()
    (event,) = forensics(*given, "-f", "jsonl").lines
    assert (event["key"], event["present"], event["missing"]) == ("b", ["int"], ["perf"])
    explained = forensics("drift", tmp_path / "repository", "--explain").out
    assert "by rule sops" in " ".join(explained.split())
