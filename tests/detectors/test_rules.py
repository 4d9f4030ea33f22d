"""Every built-in rule proves itself by its own examples, through the real pipeline."""

from dataclasses import replace

import pytest

from detectors import check
from detectors.contradictions import contradiction
from detectors.registry import detectors_for
from detectors.rule import Rule, built_in_rules
from detectors.scanner import Scanner
from detectors.template import expand

SEEDS = range(5)
RULES = built_in_rules()
each_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])


@each_rule
def test_every_example_is_found_under_its_own_rule(rule: Rule, unpaired: Scanner):
    """Among all rules, the one whose example it is wins, whatever the random part."""
    for template in rule.examples:
        for seed in SEEDS:
            found = [hit.kind.id for hit in unpaired.scan(expand(template, seed)).hits]
            assert rule.id in found, (template, seed, found)


@each_rule
def test_no_other_rule_takes_part_of_an_example(rule: Rule, unpaired: Scanner):
    """What overlaps the secret of an example is that one hit and no second one."""
    for template in rule.examples:
        found = [hit.kind.id for hit in unpaired.scan(expand(template)).hits]
        assert [each for each in found if each not in rule.partners] == [rule.id], template


@each_rule
def test_no_counterexample_is_found(rule: Rule):
    """Near misses stay silent, even where no other rule could win over this one."""
    alone = Scanner(detectors_for([replace(rule, partners=(), alone=True)]))
    for template in rule.counterexamples:
        for seed in SEEDS:
            assert not alone.scan(expand(template, seed)).hits, (template, seed)


@each_rule
def test_a_rule_says_what_a_leak_means_and_what_to_do(rule: Rule):
    """Reports print these sentences as they are."""
    assert len(rule.examples) >= 2
    assert len(rule.counterexamples) >= 2
    assert contradiction(rule) is None
    assert rule.why.endswith(".")
    assert rule.remedy.endswith(".")


@each_rule
def test_a_rule_has_no_problem(rule: Rule):
    """What `forensics rules check` would complain about does not ship."""
    known = [other for other in RULES if other.id in rule.partners or rule.id in other.partners]
    assert not list(check.problems(rule, known))


@each_rule
def test_the_structure_of_an_example_is_right(rule: Rule, unpaired: Scanner):
    """Examples are made so that their checksums fit, which makes the tokens surer."""
    for template in rule.examples:
        found = unpaired.scan(expand(template)).hits
        (hit,) = (each for each in found if each.kind.id == rule.id)
        assert hit.checksum is not False
        if hit.checksum:
            assert hit.confidence > rule.confidence


def test_a_wrong_checksum_makes_a_token_doubtful(scanner: Scanner):
    """A token of the right shape whose checksum is wrong is reported with little confidence."""
    (hit,) = scanner.scan(expand("TOKEN=ghp_{alnum:36}")).hits
    assert hit.checksum is False
    assert hit.confidence < 0.5


def test_the_rules_cover_the_providers_leaked_most():
    """The list never shrinks unnoticed."""
    assert len(RULES) >= 800
    providers = {rule.id.partition(".")[0] for rule in RULES}
    assert len(providers) >= 500
    assert {"aws", "gcp", "azure", "github", "gitlab", "slack", "stripe", "openai"} <= providers


@pytest.mark.parametrize(
    "source",
    [
        "password = getpass.getpass('Password: ')",
        "token = tokens[index2].next_token",
        'static const char *token_type = "refresh_token";',
        "self.secret = secret or os.environ.get('SECRET_2')",
        'if (!strcmp(key, "private_key_2048")) return parse_private_key_v2(value);',
        "api_key: str = Field(default=None, max_length=64)",
        "secret_key_path = '/etc/ssl/private/server1.key'",
        "access_key_url = 'https://docs.internal/keys/v2'",
        "password: '<the passphrase of the vault>'",
        "token_id = '6f1c9f0e-8a3b-4b0e-9c69-0d3f5a7b2c11'",
        "client_secret: ${CLIENT_SECRET_2}",
        "PASSWORD=$(cat /run/secrets/password1)",
        "DB_PASSWORD: {{ .Values.db.password1 }}",
        "token: 1234567890123",
        "auth_token = b'\\x01\\x02\\x03\\x04'",
        "secret := sha256.Sum256(payload1)",
    ],
)
def test_ordinary_source_code_is_silent(source: str, scanner: Scanner):
    """Names, calls, types, paths, URLs, references, ids and prose are no secrets."""
    assert not scanner.scan(source.encode()).hits
    assert not scanner.scan(source.encode() + b"\n").hits


@pytest.mark.parametrize("word", ["todo", "Test", "abcdef", "1234567", "dummy", "your", "null"])
def test_a_word_in_an_issued_token_does_not_hide_it(word: str, scanner: Scanner):
    """Chance puts short words into random tokens."""
    content = expand("key = AIza{base64url:20}" + word + "{base64url:15}")[: 6 + 39]
    found = [hit.kind.id for hit in scanner.scan(content + b" ").hits]
    assert found == ["gcp.api-key"]


@pytest.mark.parametrize(
    "value", ["{alnum:5}xxxxxxxx{alnum:22}", "a" * 35, "{alnum:9}EXAMPLE{alnum:19}"]
)
def test_a_token_that_is_written_as_an_example_is_not_reported(value: str, scanner: Scanner):
    """Filler and marks of documentation are no secrets."""
    assert not scanner.scan(expand("key = AIza" + value + " ")).hits
