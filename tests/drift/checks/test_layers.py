"""Files laid over each other, and what an environment gets from them."""

from __future__ import annotations

from tests.drift.told import AB, BASE, DEV, PROD, A, Files, events


def test_a_key_that_moves_from_the_base_into_all_overlays_was_never_missing() -> None:
    """Nor when it moves back."""
    parts: list[Files] = [
        {BASE: AB, DEV: A, PROD: A},
        {BASE: A, DEV: AB, PROD: AB},
        {BASE: AB, DEV: A, PROD: A},
    ]
    assert events(*parts) == []


def test_a_list_of_an_overlay_takes_the_place_of_the_one_in_the_base() -> None:
    """So Helm and Spring have it; compose and Kustomize lay items over each other."""
    base, own = {"env[name=A].value": "1"}, {"env[name=B].value": "2"}
    found = events({"values.yaml": base, "values-dev.yaml": AB, "values-prod.yaml": AB | own})
    assert ("missing", "env[name=A].value", 1, None) in found
    found = events({
        "docker-compose.yml": base, "docker-compose.dev.yml": AB,
        "docker-compose.prod.yml": AB | own,
    })  # fmt: skip
    assert [key for _, key, *_ in found] == ["env[name=B].value"]


def test_what_is_no_mapping_takes_the_place_of_one() -> None:
    """In values of Helm, but not in properties, where a key may be both; nor does an empty one."""
    base = {"cache.host": "h", "cache.port": "1"}
    found = events(
        {"values.yaml": base, "values-dev.yaml": A, "values-prod.yaml": {"cache": "off"}}
    )
    assert [told for told in found if told[1] != "A"] == [("type", "cache", 1, None)]
    for files in (
        {"values.yaml": base, "values-dev.yaml": A, "values-prod.yaml": A | {"cache": ""}},
        {"application.properties": base, "application-dev.properties": A,
         "application-prod.properties": A | {"cache": "off"}},
    ):  # fmt: skip
        assert "cache.host" not in [key for _, key, *_ in events(files)]
    named: Files = {
        "application.yml": {"include[0]": "health"}, "application-dev.yml": A,
        "application-prod.yml": A | {"include": "health,info"},
    }  # fmt: skip
    assert not events(named)


def test_keys_of_asp_net_are_one_however_they_are_spelled() -> None:
    """It does not tell upper from lower case, and colons nest."""
    base, dev = {"Colours.Primary": "1", "Log.Level": "2"}, {"colours.primary": "1"}
    prod = {"Log:Level": "3"}
    names = ("appsettings.json", "appsettings.Development.json", "appsettings.Production.json")
    assert not events(dict(zip(names, (base, dev, prod), strict=True)))
    lacking = events(dict(zip(names[1:], (base, dev), strict=True)))
    assert lacking == [("missing", "Log.Level", 1, None)]
    others = {"config/dev.json": base, "config/prod.json": dev}
    assert ("missing", "Colours.Primary", 1, None) in events(others)


def test_variables_of_ansible_and_terraform_are_laid_over_each_other_as_a_whole() -> None:
    """So an environment that gives one entry of a mapping has no other entry of it."""
    base, own = {"db.host": "h", "db.port": "1", "x": "1"}, {"db.host": "h"}
    for files in (
        {"group_vars/all.yml": base, "group_vars/dev.yml": A, "group_vars/prod.yml": A | own},
        {"terraform.tfvars": base, "dev.tfvars": A, "prod.tfvars": A | own},
    ):
        assert events(files) == [("missing", "db.port", 1, None)]


def test_a_key_that_moves_from_the_base_into_one_overlay_is_missing_in_the_others() -> None:
    """Until it is back in the base."""
    assert events(
        {BASE: AB, DEV: A, PROD: A}, {BASE: A, DEV: AB, PROD: A}, {BASE: AB, DEV: A, PROD: A}
    ) == [("missing", "B", 2, 3)]


def test_an_override_of_a_default_is_no_drift() -> None:
    """That is what overlays are for."""
    assert events({BASE: AB, DEV: A, PROD: A}, {BASE: AB, DEV: {"B": "3"}, PROD: A}) == []
