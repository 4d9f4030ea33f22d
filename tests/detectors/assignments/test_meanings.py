"""What stands where a secret could, and means something else."""

from __future__ import annotations

from base64 import b64encode

import pytest

from detectors.assignments.places import places
from detectors.assignments.rejection import worth_judging
from detectors.template import expand

PASSWORD = expand("{alnum:12}", 3).decode()
DIGEST = expand("{hex:64}", 3).decode()
SAMPLE_NONCE = b64encode(b"the sample nonce").decode()
BECH32 = "q" * 29 + "z" * 29
UUID = "-".join(expand(f"{{hex:{size}}}").decode() for size in (8, 4, 4, 4, 12))


def judged(line: str) -> list[str]:
    """The values in a line that are worth judging. NAME and KIND stand for `password` and `TOKEN`,
    so that no scanner finds any of them here."""
    text = line.replace("NAME", "password").replace("KIND", "TOKEN").encode()
    return [
        text[place.start : place.end].decode()
        for place in places(text)
        if worth_judging(place, text, ())
    ]


@pytest.mark.parametrize(
    "line",
    [
        '"input.password": "Senha",',
        '"confirm_password": "Confirmar senha",',
        '"auth.password": "パスワード",',
        '"forgot_password": "Забули пароль?",',
        '"reset_password": "Đặt lại mật khẩu",',
        "  password: Neues Passwort",
        '"client_id_and_secret": "ID i Sekret Klienta"',
        '"cta": "API-Token hinzufügen"',
        "  confirmation: təsdiqə uyğun deyil",
        "- password: Acme Secret Key",
        "// Single pass: categorize events by type",
        '"admin_password": "Adgangskode til admin-konto"',
        '"site_password": "Sitewachtwoord"',
        '"input.password": "Palavra-passe"',
        '"set_password": "ລະຫັດຜ່ານໃໝ່ບໍ່?"',
    ],
)
def test_texts_of_forms_and_translations_are_not_judged(line: str) -> None:
    """A program in ten languages has hundreds of them."""
    assert not judged(line)


@pytest.mark.parametrize(
    "line",
    [
        'NAME = "größer9"',
        'NAME = "vələs"',
        'NAME = "violet anchor 9"',
        f"NAME: {PASSWORD} # of the test server",
        f"login admin NAME: {PASSWORD} port: 5432",
        "NAME: Wintermaerchen",
        'NAME = "Summer2020!"',
    ],
)
def test_passwords_that_read_like_words_are_judged(line: str) -> None:
    """Also in other languages."""
    assert judged(line)


@pytest.mark.parametrize(
    "line",
    [
        '"minipass": "^5.0.0 || ^6.0.2 || ^7.0.0"',
        '"js-tokens": "^3.0.0 || ^4.0.0"',
        "image: valkey/valkey:7.2.11-alpine",
        "'smtp_password' => 'sometimes|nullable|string|max:255',",
        "'PASS' => '230 Welcome you silly person',",
        "'PASS' => '+OK Access granted',",
    ],
)
def test_versions_rules_for_inputs_and_replies_are_not_judged(line: str) -> None:
    """Names such as `minipass` only end like those of credentials."""
    assert not judged(line)


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ("self.NAME = smtppass", 'self.NAME = "smtppass"'),
        ("fi # $NAME = dlpreopen", 'fi # $NAME = "dlpreopen"'),
        ("resetPassword: protectedProcedure", "NAME: protectedProcedure"),
        ('env.set(index_NAME("INTERNAL_PROXY"), x)', 'index_NAME("INTERNAL_PROX1")'),
        ("'forgot-NAME:email:'.$id", "'forgot-NAME:email1:'.$id"),
        ('const PROVIDER_KIND = "PROVIDER"', 'const PROVIDER_KIND = "PR0VIDER1"'),
        ("'pair_NAME' => \"{$name}:1|{$name}:2\"", "'pair_NAME' => \"name}:1|name}:2\""),
    ],
)
def test_names_of_the_program_are_not_judged(line: str, same: str) -> None:
    """And what differs from them in one thing is."""
    assert not judged(line)
    assert judged(same)


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ('"js-KIND": "npm:^4.0.0"', '"js-KIND": "npm:4ab0c0d"'),
        ('"fs-NAME": "npm:@isaacs/x@^7.0.4"', '"fs-NAME": "npm:@isaacs/4ab0c0d"'),
        (f'"schema/key": "sha256:{DIGEST}"', f'"schema/key": "{DIGEST}"'),
        (f"# public key: age1{BECH32}", f"# public key: age2{BECH32}"),
        ('KIND="ghp_xxx"', 'KIND="ghp_xYx9"'),
        ("SLACK_KIND='xoxp-*'", "SLACK_KIND='xoxp-*9'"),
        ("CONFLICT_NAME=KEEP_NEW", "CONFLICT_NAME=KEEP_N3W"),
        ("NAME: core.#Input & {", "NAME: core.#input9 & {"),
        ("// name:NAME:UID:GID:GECOS:directory", "// NAME:UID:GID:GECOS:directory"),
        ('valkey_url="valkey://localhost:6379"', 'valkey="//localhost:6379"'),
        ("neo4j_NAME: Neo4j password (required)", "neo4j_NAME: Neo4j (required)"),
        ("AFTER_NAME = '2026-07-26T19:00:00.000Z'", "AFTER_NAME = '2026-07-26T19:00:00.000Zx'"),
        ("last_NAME: 2026-07-26T19:00:00+02:00", "last_NAME: 2026-07-26"),
        ("smtp_NAME: -100_000,", "smtp_NAME: -100_00,"),
        ("must NAME: `accuracy >= 0.9`", "must NAME: `accuracy > = 0.9`"),
        ("NAME = os.getenv('SITE_KEY')", "NAME = os.opened('SITE_KEY')"),
        ("NAME: *hashedWord,", "NAME: *hashedW0rd!,"),
        ("NAME:   hashedWord,", "NAME:   hashedWord"),
        ('HOOK_KIND="whsec_x"', 'HOOK_KIND="whsec_x9"'),
        ('"vendorkey:v1:item_123:*"', '"vendorkey:v1:item_123:9*q"'),
        ('"urn:vendorkey:v1:item_123:rooms/room_7"', '"urn:vendorkey: v1:item_123:rooms/room_7"'),
        ("Authorization: Bearer invalid_key_12345", "Authorization: Bearer valid_key_12345"),
        ("x-csrf-KIND=60f9ccb1cb9453b7", "x-csr-KIND=60f9ccb1cb9453b7"),
        ("Authorization: Bearer expired_key_1", "Authorization: Bearer retired_key_1"),
        ('NAME: "should-be-ignored"', 'NAME: "should-bee-ignored"'),
        ('KIND: "os_xxx-yyy"', 'KIND: "os_xYx-yyy"'),
        ('item_KIND = "ed25519_pub_hex"', 'item_KIND = "ed25519_pab_hex"'),
        ("'some_KIND': 'test-value-67890'", "'some_KIND': 'test-valve-67890'"),
    ],
)
def test_what_other_histories_alarmed_with_is_not_judged(line: str, same: str) -> None:
    """And what differs from it in one thing is."""
    assert not judged(line)
    assert judged(same)


def test_a_word_at_the_end_of_a_sentence_is_not_judged() -> None:
    """Where no quotes say that the sign belongs to it."""
    text = b"with password=false. What follows is a text"
    (place,) = places(text)
    assert not worth_judging(place, text, {b"false"})
    assert worth_judging(place, text, ())


def test_a_digest_may_be_a_stored_password() -> None:
    """Where the name says so."""
    assert judged(f'NAME = "sha256:{DIGEST}"') == [f"sha256:{DIGEST}"]


@pytest.mark.parametrize(
    "line",
    [
        f"    key: '{UUID}',",
        f'"idempotency_key": "{UUID}"',
        f"Sec-WebSocket-Key: {expand('{base64:22}').decode()}==",
        f'key := "{SAMPLE_NONCE}"',
        f'publishableKey: "{PASSWORD}"',
        f'p256dh_key: "{PASSWORD}"',
    ],
)
def test_ids_nonces_and_public_keys_are_not_judged(line: str) -> None:
    """They open nothing."""
    assert not judged(line)


def test_a_uuid_may_be_an_api_key() -> None:
    """Where the name says so."""
    assert judged(f"api_key: '{UUID}',") == [UUID]


@pytest.mark.parametrize("sign", [":-", ":="])
def test_what_a_shell_takes_instead_is_the_value_without_the_sign(sign: str) -> None:
    """So that it is one secret with the same value elsewhere."""
    line = "DB_PASSWORD: ${DB_PASSWORD" + sign + PASSWORD + "}"
    assert judged(line) == [PASSWORD]
    assert not judged("DB_PASSWORD: ${DB_PASSWORD:?must-be-set}")


@pytest.mark.parametrize(
    "line",
    [
        'KIND = "[a-f0-9]{40}"',
        "anchor = '/rooms/[a-z]{6}?KIND=[A-Za-z0-9_%-]{30,100}'",
        'NAME = "^[A-Za-z0-9]{8,}$"',
        'NAME = "enc:v1:abcdefgh"',
        "NAME = 'ENC:8:a'",
        r'NAME = "a\"b"',
    ],
)
def test_expressions_and_what_is_encrypted_are_not_judged(line: str) -> None:
    """Nor what is short without its escapes."""
    assert not judged(line)


@pytest.mark.parametrize("value", ["a[0-9]Kq9!", "encore:Kq9!", r"Kq\"9!"])
def test_what_only_looks_a_little_like_that_is_judged(value: str) -> None:
    """Passwords hold any characters."""
    assert judged(f'NAME = "{value}"')
