"""What stands in a slot: a value, a reference, a ciphertext, a stand-in or nothing."""

from __future__ import annotations

import pytest

from forensics.config.read import read_slots
from forensics.config.slot import slots_named
from forensics.config.standing import Standing, standing, value_span_of

LITERAL = Standing("literal")
EMPTY = Standing("empty")
PLACEHOLDER = Standing("placeholder")


def _by(by: str) -> Standing:
    return Standing("reference", by)


def _encrypted(by: str) -> Standing:
    return Standing("ciphertext", by)


DOTENV = {
    b"S3cr3t.Value": LITERAL,
    b"'$1$not_a_variable'": LITERAL,
    b"pa$$word": LITERAL,
    b"": EMPTY,
    b'""': EMPTY,
    b"${VAR}": _by("environment"),
    b"$VAR": _by("environment"),
    b"${VAR:-}": _by("environment"),
    b"${VAR:?must be set}": _by("environment"),
    b"${VAR:-S3cr3t.Value}": LITERAL,
    b"vault:secret/data/db#password": _by("vault"),
    b"ref+vault://secret/db/password": _by("vault"),
    b"op://vault/db/password": _by("vault"),
    b"sm://project/db": _by("vault"),
    b"arn:aws:secretsmanager:eu-west-1:123456789012:secret:db": _by("vault"),
    b"'@Microsoft.KeyVault(SecretUri=https://x.vault.azure.net/secrets/db)'": _by("vault"),
    b"'{{resolve:secretsmanager:db:SecretString:password}}'": _by("vault"),
    b"'{{ vault_db_password }}'": _by("vault"),
    b"'{{ env.DB }}'": _by("environment"),
    b"'{{ .Values.db }}'": _by("template"),
    b"'<%= db %>'": _by("template"),
    b"'<%= ENV[\"DB\"] %>'": _by("environment"),
    b"${{ secrets.DB }}": _by("ci secret"),
    b"$(cat db)": _by("function"),
    b"/run/secrets/db": _by("file"),
    b"ENC[AES256_GCM,data:abc,iv:d,tag:e,type:str]": _encrypted("sops"),
    b"ENC(abcdef==)": _encrypted("jasypt"),
    b"changeme": PLACEHOLDER,
    b"POOL_please_change_me": PLACEHOLDER,
    b"<your-password>": PLACEHOLDER,
    b"xxxxxxxx": PLACEHOLDER,
    b"your-api-key-here": PLACEHOLDER,
    b"REDACTED": PLACEHOLDER,
    b"********": PLACEHOLDER,
    b"sk_live_xxxxxxxxxxxxxxxx": PLACEHOLDER,
    b"disabled": PLACEHOLDER,
    b"false": PLACEHOLDER,
    b"0": PLACEHOLDER,
}


@pytest.mark.parametrize("value", DOTENV)
def test_what_stands_in_a_variable(value):
    """The forms that configuration of any kind shares."""
    content = b"A=1\nDB=" + value + b"\nC=2\n"
    slots = read_slots(b".env", content)
    (slot,) = slots_named(slots, "DB")
    assert standing(content, slot, slots.kind) == DOTENV[value]


CODE = {
    (b"a.py", b"'S3cr3t'"): LITERAL,
    (b"a.py", b"''"): EMPTY,
    (b"a.py", b"None"): EMPTY,
    (b"a.py", b"12345"): LITERAL,
    (b"a.py", b"os.environ['DB']"): _by("environment"),
    (b"a.py", b"os.getenv('DB')"): _by("environment"),
    (b"a.py", b"os.getenv('DB', 'S3cr3t')"): LITERAL,
    (b"a.py", b"f'{db}'"): _by("variable"),
    (b"a.py", b"settings.db"): _by("variable"),
    (b"a.py", b"get_secret('db')"): _by("vault"),
    (b"a.py", b"load('db')"): _by("function"),
    (b"a.py", b"bytes('S3cr3t')"): LITERAL,
    (b"a.js", b"process.env.DB"): _by("environment"),
    (b"a.js", b"process.env.DB || 'S3cr3t'"): LITERAL,
    (b"a.js", b"`${db}`"): _by("variable"),
    (b"a.rb", b"ENV['DB']"): _by("environment"),
    (b"a.rb", b"ENV.fetch('DB')"): _by("environment"),
    (b"a.java", b'System.getenv("DB");'): _by("environment"),
    (b"a.go", b'os.Getenv("DB")'): _by("environment"),
    (b"a.tf", b"var.db"): _by("variable"),
    (b"a.tf", b'"${var.db}"'): _by("template"),
    (b"a.tf", b"data.aws_secretsmanager_secret_version.db.secret_string"): _by("vault"),
    (b"a.tf", b'"S3cr3t"'): LITERAL,
}


@pytest.mark.parametrize(("path", "value"), CODE)
def test_what_stands_in_code(path, value):
    """Text between quotes is a value; what is not, refers to one."""
    content = b"x = 1\ndb = " + value + b"\ny = 2\n"
    slots = read_slots(path, content)
    (slot,) = slots_named(slots, "db")
    assert standing(content, slot, slots.kind) == CODE[path, value]


YAML = {
    b"S3cr3t": LITERAL,
    b"": EMPTY,
    b"null": EMPTY,
    b"!vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162": _encrypted("ansible-vault"),
    b"!vault secret/db": _by("vault"),
    b"!Ref Db": _by("template"),
    b"!secret db": _by("vault"),
    b"{{ .Values.db }}": _by("template"),
    b"ENC[AES256_GCM,data:abc,iv:d,tag:e,type:str]": _encrypted("sops"),
    b"ENC[PKCS7,abcdef]": _encrypted("eyaml"),
    b"|\n  -----BEGIN AGE ENCRYPTED FILE-----\n  abc": _encrypted("age"),
}


@pytest.mark.parametrize("value", YAML)
def test_what_stands_in_yaml(value):
    """Tags tell as much as values."""
    content = b"a: 1\ndb: " + value + b"\nc: 2\n"
    slots = read_slots(b"a.yml", content)
    (slot,) = slots_named(slots, "db")
    assert standing(content, slot, slots.kind) == YAML[value]


def test_a_variable_named_without_a_value_comes_from_the_environment():
    """In a list of variables, `- KEY` takes it from where the file is used."""
    content = b"environment:\n  - DB\n  - C=\n"
    slots = read_slots(b"compose.yml", content)
    assert [standing(content, slot, "yaml") for slot in slots.slots] == [_by("environment"), EMPTY]


def test_the_literal_of_a_reference_with_a_default_is_the_default():
    """It is what is used where nothing else is set."""
    content = b"DB=${DB:-abc}\n"
    (slot,) = read_slots(b".env", content).slots
    start, end = value_span_of(content, slot)
    assert content[start:end] == b"abc"
