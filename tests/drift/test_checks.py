"""Each kind of drift opens and closes with the commits that make and end it."""

from __future__ import annotations

from tests.drift.told import BROKEN, Files, history, told

DEV, PROD, STAGING, BASE = ".env.dev", ".env.prod", ".env.staging", ".env"
A = {"A": "1"}
AB = {"A": "1", "B": "2"}


def events(*commits: Files) -> list[tuple[str, str, int, int | None]]:
    return [told(each) for each in history(*commits).events]


def test_a_key_that_production_lacks_is_missing_until_it_gets_it() -> None:
    """One event, from the commit that added it elsewhere."""
    survey = history({DEV: A, PROD: A}, {DEV: AB, PROD: A}, {DEV: AB, PROD: AB})
    (event,) = survey.events
    assert told(event) == ("missing", "B", 2, 3)
    assert (event.present, event.missing) == (("dev",), ("prod",))
    assert (event.closed_how, event.days, event.certain) == ("added", 1.0, True)


def test_a_key_of_production_alone_is_extra() -> None:
    """Where several others lack it."""
    assert events(
        {DEV: A, STAGING: A, PROD: A}, {DEV: A, STAGING: A, PROD: AB}, {DEV: A, STAGING: A, PROD: A}
    ) == [("extra", "B", 2, 3)]


def test_partial_steps_are_told_of_one_event() -> None:
    """It reaches staging first."""
    survey = history(
        {DEV: A, STAGING: A, PROD: A},
        {DEV: AB, STAGING: A, PROD: A},
        {DEV: AB, STAGING: AB, PROD: A},
        {DEV: AB, STAGING: AB, PROD: AB},
    )
    (event,) = survey.events
    assert told(event) == ("missing", "B", 2, 4)
    assert event.missing == ("staging", "prod")
    assert [text for _, text in event.steps] == ["staging got it"]


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


def test_a_mapping_here_and_a_value_there_is_a_different_type() -> None:
    """And neither lacks anything; whoever has none of both does."""
    text, mapping = A | {"cache": "off"}, A | {"cache.host": "h", "cache.port": "1"}
    dev, staging, prod = "config/dev.yml", "config/staging.yml", "config/prod.yml"
    assert events(
        {dev: mapping, prod: mapping}, {dev: text, prod: mapping}, {dev: mapping, prod: mapping}
    ) == [("type", "cache", 2, 3)]
    assert events(
        {dev: A | {"hosts[0]": "h"}, prod: A},
        {dev: A | {"hosts[0]": "h"}, prod: A | {"hosts": "h"}},
    ) == [("missing", "hosts[]", 1, 2), ("type", "hosts", 2, None)]
    assert events({dev: text, staging: mapping, prod: A}) == [
        ("missing", "cache", 1, None), ("type", "cache", 1, None),
        ("missing", "cache.host", 1, None), ("missing", "cache.port", 1, None),
    ]  # fmt: skip
    survey = history({dev: text, staging: mapping, prod: A})
    assert {event.missing for event in survey.events} == {("prod",), ()}
    ends = history(
        {dev: text, prod: text}, {dev: text, prod: mapping}, {dev: mapping, prod: mapping}
    )
    assert [event.closed_how for event in ends.events if event.kind == "type"] == ["equal"]


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


def test_what_does_not_parse_lacks_nothing() -> None:
    """Keys are there still, and what comes to light afterwards is not certain."""
    assert events({DEV: AB, PROD: AB}, {DEV: AB, PROD: BROKEN}, {DEV: AB, PROD: AB}) == []
    assert events({DEV: A, PROD: A}, {DEV: A, PROD: BROKEN}, {DEV: AB, PROD: BROKEN}) == []
    survey = history(
        {DEV: AB, PROD: AB}, {DEV: AB, PROD: BROKEN}, {DEV: AB, PROD: A}, {DEV: AB, PROD: AB}
    )
    (event,) = survey.events
    assert told(event) == ("missing", "B", 3, 4)
    assert not event.certain


def test_a_file_that_never_parsed_lacks_nothing() -> None:
    """Its environment is there, and nothing is told of it."""
    assert events({DEV: AB, PROD: BROKEN}, {DEV: A, PROD: BROKEN}) == []


def test_a_file_deleted_and_made_again_goes_on() -> None:
    """One event, not two."""
    survey = history(
        {DEV: AB, PROD: A, STAGING: AB}, {DEV: AB, STAGING: AB}, {DEV: AB, PROD: A, STAGING: AB}
    )
    (event,) = survey.events
    assert told(event) == ("missing", "B", 1, None)
    assert "prod is back" in [text for _, text in event.steps]


def test_an_environment_removed_ends_what_it_lacked() -> None:
    """There is nothing left to reconcile."""
    (event,) = history({DEV: AB, PROD: A, STAGING: AB}, {DEV: AB, STAGING: AB}).events
    assert (told(event), event.closed_how) == (("missing", "B", 1, 2), "environment removed")


def test_renamed_files_keys_and_folders_go_on() -> None:
    """Drift is neither ended nor begun by a name."""
    old, new = "a/", "b/"
    first = {old + ".env.dev": AB, old + ".env.prod": A}
    second = {new + ".env.dev": AB, new + ".env.prod": A}
    (event,) = history(first, second).events
    assert told(event) == ("missing", "B", 1, None)
    assert event.set == "b"
    keys = {DEV: {"A": "1", "C": "2"}, PROD: A}
    ended, event = sorted(history({DEV: AB, PROD: A}, keys).events, key=lambda each: each.key)
    assert (told(ended), ended.closed_how) == (("missing", "B", 1, 2), "renamed")
    assert told(event) == ("missing", "C", 1, None)


def test_production_that_does_not_follow_is_stale() -> None:
    """Until it follows."""
    new = {"A": "2"}
    assert events(
        {DEV: A, STAGING: A, PROD: A},
        {DEV: new, STAGING: A, PROD: A},
        {DEV: new, STAGING: new, PROD: A},
        {DEV: new, STAGING: new, PROD: new},
    ) == [("stale", "A", 2, 4)]


def test_a_change_in_production_alone_is_a_different_value() -> None:
    """Where all were the same before."""
    (event,) = history({DEV: A, PROD: A}, {DEV: A, PROD: {"A": "2"}}, {DEV: A, PROD: A}).events
    assert (told(event), event.closed_how) == (("value", "A", 2, 3), "reverted")


def test_values_that_never_were_the_same_are_no_drift() -> None:
    """Nor those whose key says that they differ."""
    assert events({DEV: A, PROD: {"A": "2"}}, {DEV: {"A": "3"}, PROD: {"A": "2"}}) == []
    hosts = {"DB_HOST": "1"}
    assert events({DEV: hosts, PROD: hosts}, {DEV: hosts, PROD: {"DB_HOST": "2"}}) == []


def test_one_secret_in_two_environments_is_shared() -> None:
    """Until one gets its own."""
    same, other = {"DB_PASSWORD": "correct horse"}, {"DB_PASSWORD": "battery staple"}
    found = events({DEV: same, PROD: same}, {DEV: other, PROD: same})
    assert ("shared", "DB_PASSWORD", 1, 2) in found
    assert ("rotation", "DB_PASSWORD", 2, None) in found


def test_a_rotation_is_incomplete_until_every_environment_has_it() -> None:
    """And says who had not followed."""
    first = {DEV: {"TOKEN": "a"}, STAGING: {"TOKEN": "b"}, PROD: {"TOKEN": "c"}}
    second = {DEV: {"TOKEN": "d"}, STAGING: {"TOKEN": "e"}, PROD: {"TOKEN": "c"}}
    third = {DEV: {"TOKEN": "d"}, STAGING: {"TOKEN": "e"}, PROD: {"TOKEN": "f"}}
    (event,) = history(first, second, third).events
    assert told(event) == ("rotation", "TOKEN", 2, 3)
    assert event.missing == ("prod",)


def test_one_password_rotated_in_one_environment_after_another_gets_everywhere() -> None:
    """Who takes the new value of those before has followed, and who keeps the old one has not."""
    old, new = {"DB_PASSWORD": "correct horse"}, {"DB_PASSWORD": "battery staple"}
    states = [
        {DEV: old, STAGING: old, PROD: old},
        {DEV: new, STAGING: old, PROD: old},
        {DEV: new, STAGING: new, PROD: old},
        {DEV: new, STAGING: new, PROD: new},
    ]
    assert ("rotation", "DB_PASSWORD", 2, 4) in events(*states)
    assert ("rotation", "DB_PASSWORD", 2, None) in events(*states[:3])
    from_above = [
        states[0],
        {DEV: old, STAGING: old, PROD: new},
        {DEV: old, STAGING: new, PROD: new},
    ]
    assert ("rotation", "DB_PASSWORD", 2, None) in events(*from_above)
    assert ("rotation", "DB_PASSWORD", 2, 4) in events(*from_above, states[3])


def test_a_rotation_that_is_taken_back_is_over() -> None:
    """Nobody has to follow any more."""
    old, new = {"DB_PASSWORD": "correct horse"}, {"DB_PASSWORD": "battery staple"}
    first, second = {DEV: old, PROD: old}, {DEV: new, PROD: old}
    survey = history(first, second, first, {DEV: old, PROD: new})
    event = next(each for each in survey.events if each.kind == "rotation")
    assert (told(event), event.closed_how) == (("rotation", "DB_PASSWORD", 2, 3), "reverted")


def test_types_and_placeholders() -> None:
    """A text here and a boolean there; a stand-in, a local address and debugging in production."""
    assert events({DEV: {"A": "boolean true"}, PROD: {"A": "string true"}}) == [
        ("type", "A", 1, None)
    ]
    wrong = {"KEY": "<fill in>", "DB": "http://localhost/", "DEBUG": "true"}
    right = {"KEY": "x", "DB": "http://db/", "DEBUG": "false"}
    found = events({DEV: wrong, PROD: wrong}, {DEV: wrong, PROD: right})
    assert [each for each in found if each[0] == "placeholder"] == [
        ("placeholder", "DB", 1, 2), ("placeholder", "DEBUG", 1, 2), ("placeholder", "KEY", 1, 2),
    ]  # fmt: skip


def test_a_value_that_goes_back_and_forth_flaps() -> None:
    """Two returns within three months."""
    one, two = {DEV: A, PROD: {"A": "1"}}, {DEV: A, PROD: {"A": "2"}}
    found = events(one, two, one, two, one)
    assert [each[0] for each in found].count("flapping") == 1


def test_encrypting_anew_is_no_rotation() -> None:
    """Every value and the data key differ, and each hides as many bytes as before."""

    def sops(key: str, value: str, length: int = 8) -> dict[str, str]:
        return {"PASSWORD": f"ENC:{length}:{value}", "sops.age[0].enc": key}

    first = {DEV: sops("k1", "a"), PROD: sops("k2", "b")}
    anew = {DEV: sops("k3", "c"), PROD: sops("k2", "b")}
    assert events(first, anew) == [("rewrap", "sops", 2, 2)]
    rotated = {DEV: sops("k1", "c"), PROD: sops("k2", "b")}
    assert events(first, rotated) == [("rotation", "PASSWORD", 2, None)]
    copied = {DEV: sops("k1", "a"), PROD: sops("k1", "a")}
    assert ("shared", "sops.age[].enc", 1, None) in events(copied)


def test_a_secret_under_another_key_is_shared_as_well() -> None:
    """The first key stands for all, and the others are told; until one of them changes."""
    one: Files = {DEV: {"DB_PASSWORD": "correct horse"}, PROD: {"PG_PASSWORD": "correct horse"}}
    other: Files = {DEV: {"DB_PASSWORD": "correct horse"}, PROD: {"PG_PASSWORD": "battery staple"}}
    (event,) = [each for each in history(one, other).events if each.kind == "shared"]
    assert told(event) == ("shared", "DB_PASSWORD", 1, 2)
    assert event.present == ("dev", "prod")
    assert [text for _, text in event.steps] == ["PG_PASSWORD in prod"]


def test_what_sops_says_of_itself_is_no_key_of_an_environment() -> None:
    """Neither in the states nor as something that is missing."""
    secret = {"PASSWORD": "ENC:8:a"}
    survey = history({DEV: secret | {"sops.age[0].enc": "k", "sops.mac": "m"}, PROD: secret})
    assert {key for got in survey.states["env"].environments.values() for key in got} == {
        "PASSWORD"
    }
    assert {event.kind for event in survey.events} == {"shared"}


def test_who_did_not_follow_is_told() -> None:
    """Whether that is production or what comes nearest to it."""
    new = {"A": "2"}
    (event,) = history({DEV: A, STAGING: A}, {DEV: new, STAGING: A}).events
    assert (event.kind, event.missing) == ("stale", ("staging",))


def test_what_is_remembered_of_a_key_goes_on_under_its_new_name() -> None:
    """That all environments once got the same new value: so a host is expected to be the same."""
    files = [{DEV: {key: value}, PROD: {key: value}} for key, value in
             (("DB_HOST", "1"), ("DB_HOST", "2"), ("SQL_HOST", "2"))]  # fmt: skip
    parted = {DEV: {"SQL_HOST": "3"}, PROD: {"SQL_HOST": "2"}}
    assert [told(each) for each in history(*files, parted).events] == [
        ("stale", "SQL_HOST", 4, None)
    ]
