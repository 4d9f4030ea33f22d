"""What tokens say of themselves."""

import base64
import json

import pytest

from detectors.structure import Structure, Token, inspect
from detectors.structure.seen import iso, tidied
from detectors.template import expand


def facts(name: str, template: str, before: str = "", after: str = "") -> dict[str, str]:
    token = Token(expand(template), expand(before), expand(after))
    return dict(inspect(name, token).facts)


def signed(claims: object, header: object = None) -> bytes:
    parts = (header or {"alg": "RS256", "kid": "k1"}, claims)
    encoded = (base64.urlsafe_b64encode(json.dumps(each).encode()) for each in parts)
    return b".".join((*(part.rstrip(b"=") for part in encoded), b"c2ln" * 10))


@pytest.mark.parametrize(
    ("name", "template", "expected"),
    [
        ("slack", "xoxb-123456789012-210987654321-{alnum:24}",
         {"kind": "bot token", "team number": "123456789012"}),
        ("slack", "xapp-1-A0123ABCDEF-123456789012-{hex:64}", {"app id": "A0123ABCDEF"}),
        ("slack", "T0123ABCD/B0123ABCD/{alnum:24}", {"team id": "T0123ABCD"}),
        ("stripe", "sk_live_{alnum:24}", {"kind": "secret key", "mode": "live"}),
        ("stripe", "rk_test_{alnum:24}", {"kind": "restricted key", "mode": "test"}),
        ("telegram", "1234567890:AA{base64url:33}", {"bot id": "1234567890"}),
        ("mailchimp", "{hex:32}-us21", {"data center": "us21"}),
        ("sendgrid", "SG.{alnum:22}.{alnum:43}", {"kind": "API key"}),
        ("braintree", "access_token$sandbox${loweralnum:16}${hex:32}", {"mode": "test"}),
        ("openai", "sk-proj-{alnum:74}T3BlbkFJ{alnum:74}", {"kind": "project key"}),
        ("openai", "sk-{alnum:20}T3BlbkFJ{alnum:20}", {"kind": "user key, of the older form"}),
        ("anthropic", "sk-ant-admin01-{alnum:90}", {"kind": "admin key"}),
        ("doppler", "dp.st.prod_eu.{alnum:40}", {"kind": "service token", "config": "prod_eu"}),
        ("vault", "hvb.{alnum:120}", {"kind": "batch token"}),
        ("terraform", "abcdefABCDEF01.atlasv1.{alnum:60}", {"token id": "abcdefABCDEF01"}),
        ("github-app", "ghs_4711_eyJ{alnum:20}.eyJ{alnum:20}.{alnum:40}", {"app id": "4711"}),
        ("mercadopago", "TEST-{digits:16}-{digits:6}-{hex:32}-12345678",
         {"mode": "test", "user": "12345678"}),
        ("razorpay", "rzp_live_{alnum:14}", {"mode": "live"}),
        ("plaid", "access-sandbox-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}", {"mode": "test"}),
        ("azure-client-secret", "{alnum:3}7Q~{alnum:31}", {"version": "first"}),
        ("azure-common-key", "{alnum:52}JQQJ99BC{alnum:24}", {"made in": "2025-03"}),
        ("bitcoin-wif", "{wif:}", {"network": "Bitcoin"}),
        ("extended-key", "{xprv:}", {"key": "master key"}),
        ("pypi", "{pypi:test.}", {"index": ".".join(("test", "pypi", "org"))}),
    ],
)  # fmt: skip
def test_a_token_says_what_it_is(name: str, template: str, expected: dict[str, str]):
    """Kind, mode and public ids stand in the token itself."""
    assert facts(name, template).items() >= expected.items()


def test_a_jwt_says_who_issued_it_for_whom_and_until_when():
    """Times are dates, so that the answer is the same on every day."""
    token = signed({"iss": "https://login.acme.io", "aud": ["a", "b"], "exp": 1_700_000_000})
    found = dict(inspect("jwt", Token(token)).facts)
    assert found["issuer"] == "https://login.acme.io"
    assert found["audience"] == "a b"
    assert found["expires"] == "2023-11-14T22:13:20Z"
    assert found["algorithm"] == "RS256"
    assert found["key id"] == "k1"


def test_a_jwt_tells_no_person_but_a_workload():
    """A subject may be somebody's name or address."""
    person = dict(inspect("jwt", Token(signed({"sub": "jane@acme.io"}))).facts)
    workload = dict(inspect("jwt", Token(signed({"sub": "repo:acme/web:ref:refs/heads/m"}))).facts)
    assert "jane@acme.io" not in person.values()
    assert workload["subject"] == "repo:acme/web:ref:refs/heads/m"


@pytest.mark.parametrize(
    "issuer",
    [
        "https://user:{}@acme.io/".format("hunter22"),
        "https://acme.io/?key=abc",
        {"a": 1},
        True,
        None,
    ],
)
def test_a_claim_with_a_credential_in_it_is_not_told(issuer: object):
    """Neither the user of an address nor its query."""
    found = dict(inspect("jwt", Token(signed({"iss": issuer}))).facts)
    assert found.get("issuer", "") in ("", "https://acme.io/")


@pytest.mark.parametrize("header", [{"typ": "JWT"}, ["alg"], "alg", {"alg": 1}])
def test_a_jwt_without_an_algorithm_is_wrong(header: object):
    """Its header must say how it is signed."""
    assert inspect("jwt", Token(signed({}, header))).valid is False


def test_a_pypi_token_says_its_projects_and_its_expiry():
    """Both forms of restrictions are known; without one it may do all that its owner may."""

    def packet(kind: int, body: bytes) -> bytes:
        return bytes((kind, len(body))) + body

    def token(*caveats: object) -> Token:
        data = b"\2" + packet(1, b"the.index") + packet(2, b"id") + b"\0"
        for caveat in caveats:
            data += packet(2, json.dumps(caveat).encode()) + b"\0"
        data += b"\0" + packet(6, bytes(range(32)))
        return Token(b"pypi-" + base64.urlsafe_b64encode(data).rstrip(b"="))

    first = {"version": 1, "permissions": {"projects": ["web", "cli"]}}
    assert dict(inspect("pypi", token(first)).facts)["projects"] == "web cli"
    both = dict(inspect("pypi", token([0, 1_700_000_000, 1_600_000_000], [1, ["web"]])).facts)
    assert both["projects"] == "web"
    assert both["expires"] == "2023-11-14T22:13:20Z"
    assert both["not before"] == "2020-09-13T12:26:40Z"
    assert dict(inspect("pypi", token()).facts)["scope"] == "everything of the account"


def test_a_url_says_where_its_password_leads():
    """Scheme, user and host stand around it."""
    found = facts("url-password", "{alnum:20}", "DB=postgres://app:", "@db.acme.io:5432/orders?a=b")
    assert found == {"host": "db.acme.io:5432", "user": "app", "database": "orders"}


def test_a_long_user_of_a_url_is_not_told():
    """It may be a token of its own."""
    found = facts("url-password", "{alnum:20}", "https://{alnum:40}:", "@acme.io/")
    assert found == {"host": "acme.io"}


def test_a_connection_string_says_its_account():
    """Parts before and after the key."""
    before = 'S="Protocol=https;AccountName=acme;AccountKey='
    after = ';EndpointSuffix=core.windows.net"\nAccountName=other'
    found = facts("connection-string", "{azure:+ASt}", before, after)
    assert found["account"] == "acme"
    assert found["endpoint"] == "core.windows.net"


def test_a_shared_access_signature_says_what_it_permits_and_until_when():
    """Its terms stand on both sides of the signature."""
    before = "x https://a.blob.core.windows.net/c?sv=2022-11-02&se=2030-01-01T00%3A00%3A00Z&sig="
    found = facts("shared-access-signature", "{alnum:43}%3D", before, "&sp=rwl&sr=c rest")
    assert found["host"] == "a.blob.core.windows.net"
    assert found["expires"] == "2030-01-01T00:00:00Z"
    assert found["permissions"] == "rwl"
    assert found["resource"] == "c"


def test_a_jdbc_url_says_host_database_and_user():
    """They stand before the password."""
    found = facts("jdbc-password", "{alnum:20}", "jdbc:mysql://db:3306/shop?user=app&password=")
    assert found == {"host": "db:3306", "database": "shop", "user": "app"}


def test_a_service_account_says_its_project_and_name():
    """They stand around the key in the file that Google gives out."""
    before = '{"type": "service_account", "project_id": "acme-prod", "private_key": "'
    after = '", "client_email": "ci@acme-prod.iam.gserviceaccount.com"}'
    token = Token(expand("{pem-json:PRIVATE KEY}"), before.encode(), after.encode())
    found = dict(inspect("gcp-service-account", token).facts)
    assert found["project"] == "acme-prod"
    assert found["service account"] == "ci@acme-prod.iam.gserviceaccount.com"
    assert found["key"] == "RSA, 1024 bits"


def test_a_pgp_key_says_its_id_and_not_its_owner():
    """The packet with the owner's name and address is not looked at."""
    found = facts("pgp", "{pem-pgp:PGP PRIVATE KEY BLOCK}")
    assert len(found["key id"]) == 16
    assert found.keys() == {"key", "key id", "made", "encrypted"}


def test_a_discord_token_says_when_its_account_was_made():
    """The first part is a snowflake; this one stands in Discord's documentation."""
    first = base64.urlsafe_b64encode(b"175928847299117063").decode()
    found = facts("discord-bot", first + ".{alnum:6}.{alnum:27}")
    assert found["user id"] == "175928847299117063"
    assert found["account made"] == "2016-04-30T11:18:25Z"


@pytest.mark.parametrize(
    "seconds", [0, -1, 10**30, float("nan"), float("inf"), True, "1700000000", None, [], 1e400]
)
def test_what_is_no_time_is_not_told(seconds: object):
    """Claims hold what somebody put there."""
    assert iso(seconds) is None


def test_a_fact_that_repeats_the_token_is_dropped():
    """Whatever an inspector says, twelve characters of the token in a row are not shown."""
    value = expand("tok_{alnum:40}")
    text = value.decode()
    found = tidied(
        Structure(None, (("a", text[4:16]), ("b", text[4:15]), ("c", f"x{text}"))), value
    )
    assert dict(found.facts) == {"b": text[4:15]}


def test_an_id_is_shown_only_where_enough_stays_hidden():
    """An id that is nearly all of the token would be the token."""
    value = expand("{alnum:60}")
    text = value.decode()
    found = tidied(Structure(None, (), (("a", text[:44]), ("b", text[44:54]))), value)
    assert dict(found.facts) == {"a": text[:44]}
    assert not tidied(Structure(None, (), (("a", text[:50]),)), value).facts


@pytest.mark.parametrize("text", ["", "a\nb", "\x1b[31mred", "caf\u00e9", "x" * 121])
def test_a_fact_is_short_printable_ascii(text: str):
    """It is printed to terminals and written to logs."""
    assert not tidied(Structure(None, (("name", text),)), b"token").facts
