"""Environments that are named inside a file have the settings that are theirs."""

from __future__ import annotations

import pytest

from forensics.config.read import read_slots
from forensics.config.settings import Setting, Settings
from forensics.drift.environments import Placer
from forensics.drift.sections import NAMED, sections

PLACER = Placer.load(None)


def told(path: str, content: str) -> dict[str, dict[str, str]]:
    """For each environment its keys and values."""
    place = PLACER.place(path.encode())
    assert place is not None
    text = content.encode()
    slots = read_slots(path.encode(), text)
    assert not slots.trouble
    settings = tuple(
        Setting(s.key, s.line, s.start, s.end, text[s.start : s.end], "string", "literal")
        for s in slots.slots
    )
    by_environment: dict[str, dict[str, str]] = {}
    for environment, each in sections(path.encode(), place, Settings(settings, slots.kind)):
        keys = by_environment.setdefault(environment, {})
        if each.key != NAMED:
            keys[each.key] = each.text.decode()
    return by_environment


def test_sections_of_rails_are_environments():
    """Keys go without the section; what all merge is not a section of its own."""
    assert told(
        "config/database.yml",
        "default: &default\n  pool: 5\ndevelopment:\n  <<: *default\n  database: a\n"
        "production:\n  <<: *default\n  database: b\n",
    ) == {"dev": {"pool": "5", "database": "a"}, "prod": {"pool": "5", "database": "b"}}


def test_who_does_not_merge_the_default_lacks_it():
    """`default` means nothing to Rails."""
    made = told(
        "config/database.yml",
        "default: &default\n  pool: 5\ndevelopment:\n  <<: *default\nproduction:\n  url: b\n",
    )
    assert made == {"dev": {"pool": "5"}, "prod": {"url": "b"}}


@pytest.mark.parametrize(
    ("path", "content", "made"),
    [
        (
            "config/feature.yml",
            "shared:\n  a: 1\ndevelopment:\n  a: 1\n  b: 2\nproduction:\n  b: 3\n",
            {"": {"a": "1"}, "dev": {"a": "1", "b": "2"}, "prod": {"b": "3"}},
        ),
        (
            "config/config.json",
            '{"development": {"host": "a"}, "test": {"host": "b"}, "production": {"host": "c"}}',
            {"dev": {"host": "a"}, "test": {"host": "b"}, "prod": {"host": "c"}},
        ),
        (
            "wrangler.toml",
            'name = "w"\n[vars]\nA = 1\n[env.production.vars]\nA = 2\n[env.staging.vars]\nA = 3\n',
            {"": {"name": "w", "vars.A": "1"}, "prod": {"vars.A": "2"}, "staging": {"vars.A": "3"}},
        ),
        (
            "samconfig.toml",
            "version = 1\n[default.deploy]\na = 1\n[dev.deploy]\na = 2\n[prod.deploy]\nb = 3\n",
            {"": {"version": "1"}, "dev": {"deploy.a": "2"}, "prod": {"deploy.b": "3"}},
        ),
        (
            "settings.ini",
            "[DEFAULT]\na = 1\n[prod]\na = 2\n[dev]\na = 3\n",
            {"": {"a": "1"}, "prod": {"a": "2"}, "dev": {"a": "3"}},
        ),
        (
            "environments/apex/application_variables.json",
            '{"accounts": {"development": {"size": 1}, "production": {"size": 2}}}',
            {"dev": {"accounts.size": "1"}, "prod": {"accounts.size": "2"}},
        ),
        (
            "config/hosts.yml",
            "production:\n  hosts:\n    - a\n    - b\n",
            {"prod": {"hosts[0]": "a", "hosts[1]": "b"}},
        ),
    ],
)
def test_tables_called_like_environments_are_theirs(path, content, made):
    """At the top or within another table."""
    assert told(path, content) == made


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("config/app.yml", "product:\n  a: 1\nlatest:\n  a: 2\n"),
        ("config/app.yml", "test:\n  a: 1\ndemo:\n  a: 2\n"),
        ("config/app.yml", "production:\n  a: 1\nhost:\n  b: 2\n"),
        ("config/app.yml", "production: 1\nstaging: 2\n"),
        ("values-prod.yaml", "dev:\n  a: 1\nprod:\n  a: 2\n"),
    ],
)
def test_other_tables_are_no_environments(path, content):
    """Words that hold a name, weak names alone, one among others, values, and files of one."""
    assert list(told(path, content)) == [""]


def test_profiles_of_spring_are_environments():
    """Documents go without their numbers, so that they lie over each other."""
    assert told(
        "src/main/resources/application.yml",
        "a: 1\n---\nspring:\n  config:\n    activate:\n      on-profile: prod\na: 2\n"
        "---\nspring.profiles: dev, stage\na: 3\n---\nspring.profiles: kafka\na: 4\n",
    ) == {"": {"a": "1"}, "prod": {"a": "2"}, "dev": {"a": "3"}, "staging": {"a": "3"}}


def test_documents_without_profiles_keep_their_numbers():
    """They tell keys apart."""
    assert told("a/application.yml", "a: 1\n---\na: 2\n") == {"": {"#1:a": "1", "#2:a": "2"}}


OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n  namespace: {}\ndata:\n  A: {}\n"


def test_a_namespace_names_the_environment_of_its_objects():
    """Two objects of one name in two namespaces are one object in two environments."""
    made = told(
        "k8s/web.yaml",
        OBJECT.format("web", "shop-prod", 1) + "---\n" + OBJECT.format("web", "shop-dev", 2),
    )
    assert {e: keys["ConfigMap/web:data.A"] for e, keys in made.items()} == {
        "prod": "1",
        "dev": "2",
    }


def test_an_objects_own_name_may_hold_the_environments():
    """Then the key goes without it."""
    made = told(
        "k8s/web.yaml",
        OBJECT.format("web-prod", "prod", 1) + "---\n" + OBJECT.format("web-dev", "dev", 2),
    )
    assert {e: keys["ConfigMap/web:data.A"] for e, keys in made.items()} == {
        "prod": "1",
        "dev": "2",
    }


def test_a_namespace_that_is_no_environment_says_nothing():
    """Neither do words that only hold a name."""
    made = told("k8s/web.yaml", OBJECT.format("web", "products", 1))
    assert made[""]["data.A"] == "1"


def test_documents_that_are_no_objects_stand_beside_objects():
    """One that lacks its version, and one that is something else: their keys stay as they are."""
    made = told(
        "k8s/web.yaml",
        OBJECT.format("web", "shop-prod", 1)
        + "---\nkind: ServiceAccount\nmetadata:\n  name: bot\n---\nB: 2\n",
    )
    assert made["prod"]["ConfigMap/web:data.A"] == "1"
    assert made[""] == {
        "ServiceAccount/bot:kind": "ServiceAccount",
        "ServiceAccount/bot:metadata.name": "bot",
        "#3:B": "2",
    }


def test_objects_of_kustomize_are_told_apart_across_files():
    """A patch has the keys of what it patches, whatever the files are called."""
    base = told("k/base/web.yaml", OBJECT.format("web", "x", 1))
    patch = told("k/overlays/prod/patch.yaml", OBJECT.format("web", "x", 2))
    assert base[""]["ConfigMap/web:data.A"] == "1"
    assert patch[""]["ConfigMap/web:data.A"] == "2"


def test_jobs_of_github_hand_variables_to_their_environment():
    """The job goes without the environment's name; what it runs is no variable."""
    made = told(
        ".github/workflows/deploy.yml",
        "jobs:\n"
        "  deploy-staging:\n    environment: staging\n    env:\n      HOST: a\n"
        "  deploy-prod:\n    environment:\n      name: production\n    env:\n      HOST: b\n"
        "    steps:\n      - run: x\n        env:\n          T: c\n"
        "  any:\n    environment: ${{ inputs.environment }}\n    env:\n      HOST: d\n",
    )
    assert made["staging"] == {"jobs.deploy.env.HOST": "a"}
    assert made["prod"] == {"jobs.deploy.env.HOST": "b", "jobs.deploy.steps[0].env.T": "c"}
    assert made[""]["jobs.any.env.HOST"] == "d"


def test_jobs_of_gitlab_hand_variables_to_their_environment():
    """Also where a job's name is quoted."""
    made = told(
        ".gitlab-ci.yml",
        "variables:\n  A: 1\ndeploy:prod:\n  environment:\n    name: prod\n  variables:\n"
        "    HOST: a\ndeploy:dev:\n  environment: dev\n  variables:\n    HOST: b\n",
    )
    assert made["prod"] == {"deploy.variables.HOST": "a"}
    assert made["dev"] == {"deploy.variables.HOST": "b"}
    assert made[""]["variables.A"] == "1"


def test_spring_takes_dotted_names_for_nested_ones() -> None:
    """So they are one key, in YAML and in properties."""
    nested = told("src/main/resources/application.yml", "a:\n  b:\n    c: 1\n")
    dotted = told("src/main/resources/application.yml", "a.b.c: 1\n")
    assert nested == dotted == {"": {"a.b.c": "1"}}
