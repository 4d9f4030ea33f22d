"""Files of one commit are arranged to sets: the files of each environment, lowest layer first."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.drift.arrangement import Arrangement, Arranger, arrange
from forensics.drift.environments import Placer
from forensics.drift.explained import explained
from forensics.settings.file import named_by_user

PLACER = Placer.load(None)


def arranged(*paths: str) -> dict[str, Arrangement]:
    return arrange([path.encode() for path in paths], PLACER)


def environments(*paths: str) -> dict[str, dict[str, list[str]]]:
    """Sets with the files of their environments."""
    return {
        name: {e: [path.decode() for path in files] for e, files in each.environments.items()}
        for name, each in arranged(*paths).items()
    }


def test_a_base_lies_under_every_environment():
    """What it says, each environment has, unless it says otherwise."""
    assert environments("a/.env", "a/.env.production", "a/.env.staging", "a/.env.sample") == {
        "a": {"prod": ["a/.env", "a/.env.production"], "staging": ["a/.env", "a/.env.staging"]}
    }


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        (
            "helm_deploy/api",
            ["helm_deploy/api/values.yaml", "helm_deploy/values-dev.yaml",
             "helm_deploy/values-prod.yaml"],
        ),
        ("chart", ["chart/values.yaml", "chart/values-dev.yaml", "chart/values-prod.yaml"]),
        ("chart/envs", ["chart/values.yaml", "chart/envs/dev.yaml", "chart/envs/prod.yaml"]),
        ("config", ["config/default.json", "config/dev.json", "config/prod.json"]),
        ("hiera", ["hiera/common.yaml", "hiera/dev.yaml", "hiera/prod.yaml"]),
        ("envs", ["envs/.env", "envs/dev/.env", "envs/prod/.env"]),
        ("envs/db", ["envs/base/db.yaml", "envs/dev/db.yaml", "envs/prod/db.yaml"]),
        ("g/group_vars", ["g/group_vars/all.yml", "g/group_vars/dev.yml", "g/group_vars/prod.yml"]),
        ("k", ["k/base/web.yaml", "k/overlays/dev/x.yaml", "k/overlays/prod/patch.yaml"]),
        ("docker-compose", ["docker-compose.yml", "docker-compose.dev.yml",
                            "docker-compose.prod.yml"]),
        ("s/appsettings", ["s/appsettings.json", "s/appsettings.Development.json",
                           "s/appsettings.Production.json"]),
    ],
)  # fmt: skip
def test_a_base_is_found_where_layouts_have_it(name, paths):
    """Beside, above, below, or in a folder of its own."""
    base, dev, prod = paths
    assert environments(*paths) == {name: {"dev": [base, dev], "prod": [base, prod]}}


def test_overlays_over_two_charts_belong_to_both():
    """Each chart is a set of its own."""
    made = arranged("h/a/values.yaml", "h/b/values.yaml", "h/values-dev.yaml", "h/values-prod.yaml")
    assert sorted(made) == ["h/a", "h/b"]
    assert made["h/b"].environments["prod"] == (b"h/b/values.yaml", b"h/values-prod.yaml")


def test_a_set_keeps_its_name_when_its_chart_gets_values():
    """What began before is then the same story."""
    made = environments("h/a/Chart.yaml", "h/values-dev.yaml", "h/values-prod.yaml")
    assert made == {"h/a": {"dev": ["h/values-dev.yaml"], "prod": ["h/values-prod.yaml"]}}


def test_a_chart_with_overlays_of_its_own_takes_no_others():
    """And a folder's base does not go astray to what lies deeper."""
    made = environments("h/a/values.yaml", "h/a/values-dev.yaml", "h/values-prod.yaml")
    assert made == {
        "h": {"prod": ["h/values-prod.yaml"]},
        "h/a": {"dev": ["h/a/values.yaml", "h/a/values-dev.yaml"]},
    }


def test_a_component_called_like_an_environment_is_not_laid_over_the_others():
    """`deploy/demo` beside `deploy/web` is another component."""
    assert environments("deploy/demo/values.yaml", "deploy/web/values.yaml") == {}


def test_components_of_a_monorepo_are_sets_of_their_own():
    """Also where environments come first."""
    assert sorted(arranged(*(f"apps/{a}/.env.{e}" for a in "abcde" for e in ("dev", "prod")))) == [
        f"apps/{a}" for a in "abcde"
    ]
    made = arranged(*(f"envs/{e}/{a}.yaml" for a in "ab" for e in ("dev", "prod")))
    assert sorted(made) == ["envs/a", "envs/b"]


def test_two_files_of_an_environment_are_both_its_layers():
    """As while a file changes its format."""
    made = environments("config/prod.json", "config/prod.yaml", "config/dev.json")
    assert made["config"]["prod"] == ["config/prod.json", "config/prod.yaml"]


def test_a_file_that_names_environments_inside_makes_a_set():
    """Which ones is seen when it is read; what it says of none lies under all."""
    made = arranged("config/database.yml")["config/database"]
    assert (made.environments, made.several) == ({}, (b"config/database.yml",))
    assert made.files("prod") == (b"config/database.yml",)
    spring = arranged("r/application.yml", "r/application-prod.yml")["r/application"]
    assert spring.several == (b"r/application.yml",)
    assert spring.files("prod") == (b"r/application.yml", b"r/application-prod.yml")
    assert spring.files("dev") == (b"r/application.yml",)


@pytest.mark.parametrize(
    "paths",
    [
        ["a/.env", "a/.env.sample"],
        ["chart/values.yaml"],
        ["k/base/web.yaml"],
        ["web-prod.yaml"],
        ["prod/web.yaml"],
        ["a/.env", "a/.env.banana"],
        ["environments/apex/a.json", "environments/nomis/a.json"],
        ["src/main.py"],
    ],
)
def test_without_an_environment_there_is_no_set(paths):
    """A base alone, one file that happens to be called so, and names that nobody knows."""
    assert environments(*paths) == {}


def test_an_unknown_name_counts_beside_known_ones():
    """Unless there are so many that they are something else."""
    made = environments("o/overlays/acme/k.yaml", "o/overlays/prod/k.yaml")
    assert sorted(made["o"]) == ["acme", "prod"]
    names = ("apex", "nomis", "oasys", "delius", "tariff", "chaps", "bichard", "dev", "test")
    many = [f"environments/{name}/a.json" for name in names]
    assert sorted(environments(*many)["environments/a"]) == ["dev", "test"]


def test_the_users_rules_arrange_too(tmp_path: Path):
    """Base, environments and layers as they are said."""
    config = tmp_path / "forensics.toml"
    config.write_text(
        '[[drift.files]]\npath = "c/all.txt"\nset = "c"\nrole = "base"\n'
        '[[drift.files]]\npath = "c/{environment}.txt"\nset = "c"\n'
        '[[drift.files]]\npath = "c/{environment}.late"\nset = "c"\nlayer = 30\n'
    )
    made = arrange(
        [b"c/prod.late", b"c/prod.txt", b"c/all.txt"], Placer.load(named_by_user(config))
    )
    assert made["c"].environments == {"prod": (b"c/all.txt", b"c/prod.txt", b"c/prod.late")}


PIECES = (
    "values.yaml", "values-dev.yaml", "values-prod.yaml", "Chart.yaml", ".env", ".env.prod",
    "base/web.yaml", "overlays/dev/x.yaml", "overlays/prod/x.yaml", "prod/app.yaml",
    "application.yml", "application-prod.yml", "envs/prod.yaml", "envs/acme.yaml", "README.md",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sets(
            st.tuples(
                st.sampled_from(("", "a/", "a/b/", "a/base/", "c/")), st.sampled_from(PIECES)
            ),
            max_size=4,
        ),
        max_size=12,
    )
)
def test_files_that_come_and_go_end_where_all_at_once_do(steps: list[set[tuple[str, str]]]):
    """What was there before, and in which order it came, changes nothing; and what is no other
    set than before is not told as one."""
    arranger, there = Arranger(PLACER), set[bytes]()
    for step in steps:
        toggled = {"".join(each).encode() for each in step}
        before = dict(arranger.sets)
        others = arranger.change(toggled - there, toggled & there)
        there ^= toggled
        assert dict(arranger.sets) == arrange(sorted(there), PLACER)
        assert others == {
            name
            for name in before.keys() | arranger.sets.keys()
            if before.get(name) != arranger.sets.get(name)
        }


def test_many_unknown_names_are_left_out_and_that_is_explained(tmp_path: Path):
    """They are environments where a user says so."""
    paths = [f"envs/{name}/web.yaml".encode() for name in ("a", "b", "c", "d", "prod")]
    assert [*arrange(paths, PLACER)["envs/web"].environments] == ["prod"]
    why = {each.environment: each.why for each in explained(paths, PLACER)}
    assert "[drift.tiers]" in why["a"]
    assert "[drift.tiers]" not in why["prod"]
    config = tmp_path / "forensics.toml"
    config.write_text('[[drift.files]]\npath = "envs/{environment}/web.yaml"\nset = "web"\n')
    said = arrange(paths, Placer.load(named_by_user(config)))["web"].environments
    assert [*said] == ["a", "b", "c", "d", "prod"]


def test_a_base_lends_itself_to_nothing_of_another_format():
    """An application's own `.env` is no chart under the environment files above it, and values of
    Helm are no base of environment files below them."""
    assert environments("web/.env", ".env.dev", ".env.prod") == {
        "env": {"dev": [".env.dev"], "prod": [".env.prod"]}
    }
    assert environments("h/web/values.yaml", "h/.env.dev", "h/.env.prod") == {
        "h": {"dev": ["h/.env.dev"], "prod": ["h/.env.prod"]}
    }
    assert environments("h/values.yaml", "h/web/.env.dev", "h/web/.env.prod") == {
        "h/web": {"dev": ["h/web/.env.dev"], "prod": ["h/web/.env.prod"]}
    }
