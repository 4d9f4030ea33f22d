"""Secrets and the ids they are used with, found near each other."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.composite import paired
from detectors.hit import Hit, Kind, Pairing
from detectors.rule import built_in_rules
from detectors.scanner import Scanner
from detectors.secret import Secret
from detectors.template import expand

ID, KEY = "AKIA{base32:16}", "{base64:40}"
UUID = "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}"
ENTRA_ID, ENTRA_TENANT = f"AZURE_CLIENT_ID={UUID}\n", f"AZURE_TENANT_ID={UUID}\n"
ENTRA = "AZURE_CLIENT_SECRET={azure-client:}\n"
PAIRS = sorted(rule.id for rule in built_in_rules() if rule.partners)


def found(scanner: Scanner, template: str, seed: int = 0) -> list[Hit]:
    return list(scanner.scan(expand(template, seed)).hits)


def ids_in_order(content: bytes) -> list[str]:
    return [content[at : at + 20].decode() for at in range(len(content))
            if content[at : at + 4] == b"AKIA"]  # fmt: skip


def test_an_id_and_its_secret_are_one_finding(scanner: Scanner):
    """It is the secret's, with the id's span beside it and the id among its facts."""
    template = f"aws_access_key_id = {ID}\naws_secret_access_key = {KEY}\n"
    content = expand(template)
    (hit,) = scanner.scan(content).hits
    assert hit.kind.id == "aws.secret-access-key"
    assert hit.partner is not None
    shown = content[slice(*hit.partner)].decode()
    assert shown.startswith("AKIA")
    assert dict(hit.facts)["access key id"] == shown


def test_a_secret_with_its_id_is_surer(scanner: Scanner):
    """What stands as it must stand is more than a value after a name."""
    (alone,) = found(scanner, f"aws_secret_access_key = {KEY}\n")
    (paired_,) = found(scanner, f"aws_access_key_id = {ID}\naws_secret_access_key = {KEY}\n")
    assert paired_.confidence > alone.confidence


def test_a_secret_without_its_id_says_what_is_missing(scanner: Scanner):
    """It is found all the same."""
    (hit,) = found(scanner, f"aws_secret_access_key = {KEY}\n")
    assert hit.partner is None
    assert dict(hit.facts)["missing"] == "the access key id to use it with"


def test_an_id_without_its_secret_is_a_finding_of_low_severity(scanner: Scanner):
    """It names an account, and no more."""
    (hit,) = found(scanner, f"key {ID}\n")
    assert hit.kind.id == "aws.access-key-id"
    assert hit.kind.severity == "low"


def test_an_id_that_says_nothing_alone_is_no_finding(scanner: Scanner):
    """Client ids stand everywhere."""
    assert not found(scanner, ENTRA_ID + ENTRA_TENANT)


def test_a_secret_can_need_two_ids(scanner: Scanner):
    """All that were found are told, and what is missing is."""
    (both,) = found(scanner, ENTRA_ID + ENTRA_TENANT + ENTRA)
    (one,) = found(scanner, ENTRA + ENTRA_TENANT)
    assert {"client id", "tenant id"} <= dict(both.facts).keys()
    assert "missing" not in dict(both.facts)
    assert dict(one.facts)["missing"] == "the client id to use it with"
    assert "tenant id" in dict(one.facts)


@pytest.mark.parametrize("gap", ["\n", "\n[p]\n", "\n\n# another one\n"])
@pytest.mark.parametrize("id_first", [True, False])
def test_a_list_of_pairs_comes_out_right_whichever_stands_first(
    gap: str, id_first: bool, scanner: Scanner
):
    """Even where the next id is nearer than one's own."""
    parts = [f"aws_access_key_id = {ID}", f"aws_secret_access_key = {KEY}"]
    block = "\n".join(parts if id_first else parts[::-1]) + gap
    content = expand(block * 6)
    hits = scanner.scan(content).hits
    assert [dict(hit.facts)["access key id"] for hit in hits] == ids_in_order(content)


def test_two_secrets_can_share_an_id(scanner: Scanner):
    """Each of them is a finding with that id."""
    hits = found(scanner, f"aws_access_key_id={ID}\naws_secret_access_key={KEY}\n"
                          "aws_session_token=IQoJb3JpZ2lu{base64:300}\n")  # fmt: skip
    assert [hit.kind.id for hit in hits] == ["aws.secret-access-key", "aws.session-token"]
    assert len({hit.partner for hit in hits}) == 1


def test_an_id_too_far_away_does_not_belong(scanner: Scanner):
    """In lines as in bytes."""
    secret, identifier = f"aws_secret_access_key = {KEY}\n", f"aws_access_key_id = {ID}\n"
    assert len(found(scanner, secret + "x\n" * 19 + identifier)) == 1
    assert len(found(scanner, secret + "x\n" * 20 + identifier)) == 2
    assert len(found(scanner, secret + "x" * 2100 + " " + identifier)) == 2


def test_a_secret_that_means_something_only_beside_its_id_is_left_to_other_rules(scanner: Scanner):
    """A key of that shape can be anybody's; but it is not lost."""
    template = "api_secret = '{alnum:27}'\n"
    assert [hit.kind.generic for hit in found(scanner, template)] == [True]
    (hit,) = found(scanner, "api_key = '{digits:15}'\n" + template)
    assert hit.kind.id == "cloudinary.api-secret"


def test_two_secrets_that_need_each_other_stay_two_findings(scanner: Scanner):
    """A partner that is a secret itself is not taken away, nor shown."""
    hits = found(scanner, "DD_API_KEY={hex:32}\nDD_APP_KEY={hex:40}\n")
    assert [hit.kind.id for hit in hits] == ["datadog.api-key", "datadog.application-key"]
    assert hits[1].partner == (hits[0].start, hits[0].end)
    assert dict(hits[1].facts)["goes with"] == "Datadog API key"


def test_what_belongs_to_a_rule_that_is_not_looked_for_is_not_missing():
    """Nobody knows whether it stands there."""
    from detectors.rule_detector import RuleDetector

    (rule,) = (rule for rule in built_in_rules() if rule.id == "aws.secret-access-key")
    (hit,) = found(Scanner([RuleDetector([rule])]), f"aws_secret_access_key = {KEY}\n")
    assert not hit.facts


def test_every_partner_is_a_rule():
    """No rule waits for what nothing finds."""
    known = {rule.id: rule for rule in built_in_rules()}
    for name in PAIRS:
        assert set(known[name].partners) <= known.keys()


@pytest.mark.parametrize("name", PAIRS)
def test_each_secret_is_joined_with_its_partners(name: str, scanner: Scanner):
    """The examples of the rules, one after another, are one finding."""
    known = {rule.id: rule for rule in built_in_rules()}
    rule = known[name]
    ids = [known[partner].examples[0] for partner in rule.partners]
    for seed in range(3):
        hits = found(scanner, "\n".join((*ids, rule.examples[0], "")), seed)
        (hit,) = (each for each in hits if each.kind.id == name)
        assert hit.partner is not None
        assert "missing" not in dict(hit.facts)
        assert hit.confidence > rule.confidence


def test_a_fact_in_which_another_secret_stands_is_not_told(scanner: Scanner):
    """Somebody may have put one where an issuer belongs."""
    import base64
    import json

    leaked = expand("{crc32:ghp_}").decode()
    parts = ({"alg": "HS256"}, {"iss": leaked, "aud": "https://api.acme.io"})
    head, body = (base64.urlsafe_b64encode(json.dumps(p).encode()).decode() for p in parts)
    token = f"{head}.{body}.{{base64url:43}}".replace("=", "")
    (hit,) = found(scanner, f"token = '{token}'\n")
    assert hit.kind.id == "jwt.token"
    assert dict(hit.facts)["audience"] == "https://api.acme.io"
    assert leaked not in str(hit.facts)


KINDS = {
    "a.id": Kind("a.id", "A id", "low", "", "", pairing=Pairing(identifier="id", alone=False)),
    "a.key": Kind("a.key", "A key", "high", "", "", pairing=Pairing(("a.id",), within=3)),
    "b.key": Kind("b.key", "B key", "high", "", "", pairing=Pairing(("a.id",), alone=False)),
    "c.key": Kind("c.key", "C key", "high", "", ""),
}


@settings(max_examples=300, deadline=None)
@given(
    layout=st.lists(
        st.tuples(st.sampled_from(sorted(KINDS)), st.integers(1, 900), st.integers(0, 3)),
        max_size=40,
    )
)
def test_pairing_keeps_its_promises(layout: list[tuple[str, int, int]]):
    """Of any hits: each is kept, joined or left out; partners are near; nothing else changes."""
    content = b""
    hits = []
    for name, gap, breaks in layout:
        content += b"." * gap + b"\n" * breaks
        hits.append(Hit(KINDS[name], len(content), len(content) + 5, Secret(b"value"), 0.9))
        content += b"value"
    kept, left_out = paired(content, hits, KINDS)
    assert (kept, left_out) == paired(content, hits, KINDS)
    joined = {hit.partner for hit in kept if hit.partner}
    places = {(hit.start, hit.end) for hit in (*kept, *left_out)} | joined
    assert places == {(hit.start, hit.end) for hit in hits}
    for hit in kept:
        assert hit.kind.id != "a.id"
        assert hit.secret.reveal() == b"value"
        if hit.partner is None:
            assert hit.kind.id != "b.key"
            continue
        between = content[min(hit.end, hit.partner[1]) : max(hit.start, hit.partner[0])]
        assert len(between) <= 2000
        assert between.count(b"\n") <= hit.kind.pairing.within
    for hit in left_out:
        assert not hit.kind.pairing.alone


def test_thousands_of_secrets_and_ids_are_paired_in_a_moment(scanner: Scanner):
    """In so long a list each takes the nearest; what is weighed against each other is bounded."""
    hits = [Hit(KINDS["a.id" if at % 2 else "a.key"], at * 10, at * 10 + 5, Secret(b"value"), 0.9)
            for at in range(20_000)]  # fmt: skip
    kept, left_out = paired(b"value....." * 20_000, hits, KINDS)
    assert len(kept) == 10_000
    assert not left_out or all(hit.kind.id == "a.id" for hit in left_out)
    assert all(hit.partner for hit in kept)
