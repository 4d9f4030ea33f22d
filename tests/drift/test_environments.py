"""From a path alone it is told which environment a configuration file belongs to, or that it does
not belong to any."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.drift.environments import Placer, canonical, tier
from forensics.drift.rules import rule_table
from forensics.errors import UsageProblem
from forensics.settings.file import named_by_user

PLACER = Placer.load(None)


@pytest.mark.parametrize(
    ("name", "one_way"),
    [
        ("prod", "prod"), ("PRD", "prod"), ("live", "prod"), ("Production", "prod"),
        ("stg", "staging"), ("stage", "staging"), ("pre-prod", "preprod"),
        ("pre-production", "preprod"), ("pre_prod", "preprod"), ("uat", "uat"),
        ("testing", "test"), ("integration", "int"), ("develop", "dev"), ("non-prod", "nonprod"),
        ("prod-eu", "prod-eu"), ("production_eu", "prod-eu"), ("eu-prod", "prod-eu"),
        ("testnet-staging", "staging-testnet"), ("prod2", "prod2"), ("staging-01", "staging-01"),
        ("functional.test", "test-functional"), ("Banana", "banana"), ("product", "product"),
    ],
)  # fmt: skip
def test_a_name_has_one_way_to_be_written(name, one_way):
    """Aliases and the order of qualifiers make no difference; unknown names stay."""
    assert canonical(name) == one_way
    assert canonical(one_way) == one_way


@pytest.mark.parametrize(
    ("environment", "level"),
    [
        ("prod", 4), ("prod-eu", 4), ("prod2", 4), ("dr", 4), ("preprod", 3),
        ("staging-testnet", 3),
        ("prod-sandbox", 4), ("qa", 2), ("test", 2), ("test-functional", 0), ("dev", 1), ("ci", 0),
        ("banana", 2),
    ],
)  # fmt: skip
def test_an_environment_counts_as_much_as_its_main_word(environment, level):
    """A qualifier does not change what depends on it, save that only a test run does."""
    assert tier(environment) == level


@pytest.mark.parametrize(
    ("path", "set_", "environment"),
    [
        ("apps/deploy-web/env/.env.production", "apps/deploy-web/env", "prod"),
        ("apps/deploy-web/env/.env.staging-testnet", "apps/deploy-web/env", "staging-testnet"),
        ("apps/api/env/.env.functional.test", "apps/api/env", "test-functional"),
        ("apps/api/env/.env.mainnet", "apps/api/env", "mainnet"),
        ("src/Api/appsettings.SelfHosted.json", "src/Api/appsettings", "selfhosted"),
        (".env.production", "env", "prod"),
        ("deploy/env.prod", "deploy", "prod"),
        ("deploy/prod.env", "deploy", "prod"),
        ("deploy/web.dev.env", "deploy/web", "dev"),
        ("deploy/web.env.dev", "deploy/web", "dev"),
        ("helm_deploy/values-preprod.yaml", "helm_deploy", "preprod"),
        ("chart/prod.values.yaml", "chart", "prod"),
        (".helm/console-api-prod-mainnet-values.yaml", ".helm/console-api", "prod-mainnet"),
        (".helm/web-testnet-staging-values.yaml", ".helm/web", "staging-testnet"),
        ("charts/tempo-values-production.yaml", "charts/tempo", "prod"),
        ("src/main/resources/application-dev.yml", "src/main/resources/application", "dev"),
        ("a/application-prod.properties", "a/application", "prod"),
        ("a/bootstrap-uat.yml", "a/bootstrap", "uat"),
        ("src/Basket.API/appsettings.Production.json", "src/Basket.API/appsettings", "prod"),
        ("docker-compose.dev.yml", "docker-compose", "dev"),
        ("docker/docker-compose-test.yml", "docker/docker-compose", "test"),
        ("docker-compose.prod-with-db.yml", "docker-compose", "prod-with-db"),
        ("serverless.staging.yml", "serverless", "staging"),
        ("app.qa.yaml", "app", "qa"),
        ("Pulumi.prod.yaml", "pulumi", "prod"),
        ("wrangler.staging.toml", "wrangler", "staging"),
        ("samconfig-prod.toml", "samconfig", "prod"),
        ("Web.Production.config", "web", "prod"),
        ("config/production.json", "config", "prod"),
        ("config/test.json", "config", "test"),
        ("config/production/db.yaml", "config/db", "prod"),
        ("config/settings/production.yml", "config/settings", "prod"),
        ("environments/prod.yaml", "environments", "prod"),
        ("deploy-config/dev.yml", "deploy-config", "dev"),
        ("envs/dev/terraform.tfvars", "envs", "dev"),
        ("envs/prod/db.yaml", "envs/db", "prod"),
        ("envs/prod/main.tf", "envs/main", "prod"),
        ("infra/prod.tfvars", "infra", "prod"),
        ("infra/terraform.prod.tfvars", "infra", "prod"),
        ("infra/prod.auto.tfvars.json", "infra", "prod"),
        ("vars/review_backend.tfvars", "vars/backend", "preview"),
        ("inventories/prod/group_vars/all.yml", "inventories/group_vars", "prod"),
        ("ansible/group_vars/staging.yml", "ansible/group_vars", "staging"),
        ("ansible/group_vars/prod/vault.yml", "ansible/group_vars/vault", "prod"),
        ("k8s/test/web.yaml", "k8s/web", "test"),
        ("deploy/prod/web/deployment.yaml", "deploy/web/deployment", "prod"),
        ("clusters/production/apps.yaml", "clusters/apps", "prod"),
        ("app/overlays/prod/patch.yaml", "app", "prod"),
        ("app/overlays/prod/web/patch.yaml", "app", "prod"),
        ("non-prod/us-east-1/qa/mysql/terragrunt.hcl", "us-east-1/mysql/terragrunt", "qa"),
        ("prod/us-east-1/prod/mysql/terragrunt.hcl", "us-east-1/mysql/terragrunt", "prod"),
        ("environments/shop-prod/main.tf", "environments/shop/main", "prod"),
        ("hieradata/production.yaml", "hieradata", "prod"),
        ("applicationinsights.dev.json", "applicationinsights", "dev"),
    ],
)  # fmt: skip
def test_names_and_folders_tell_the_environment(path, set_, environment):
    """Each layout that repositories really have."""
    place = PLACER.place(path.encode())
    assert place is not None
    assert (place.set, place.environment, place.role) == (set_, environment, "environment")


@pytest.mark.parametrize(
    ("path", "set_", "role"),
    [
        ("helm_deploy/hmpps-audit-api/values.yaml", "helm_deploy/hmpps-audit-api", "base"),
        ("apps/deploy-web/env/.env", "apps/deploy-web/env", "base"),
        ("deploy/web.env", "deploy/web", "base"),
        ("docker-compose.yml", "docker-compose", "base"),
        ("src/Web/appsettings.json", "src/Web/appsettings", "base"),
        ("config/default.json", "config", "base"),
        ("hieradata/common.yaml", "hieradata", "base"),
        ("deploy/common.env", "deploy", "base"),
        ("ansible/group_vars/all.yml", "ansible/group_vars", "base"),
        ("ansible/group_vars/all/vault.yml", "ansible/group_vars/vault", "base"),
        ("app/base/deployment.yaml", "app/deployment", "base"),
        ("infra/terraform.tfvars", "infra", "base"),
        ("Web.config", "web", "base"),
        ("config/database.yml", "config/database", "several"),
        ("src/main/resources/application.yml", "src/main/resources/application", "several"),
        (".github/workflows/deploy-prod.yml", ".github/workflows/deploy-prod", "several"),
        ("wrangler.toml", "wrangler", "several"),
        ("k8s/web.yaml", "k8s/web", "several"),
        ("apps/web/env/.env.sample", "apps/web/env", "example"),
        (".env.production.example", ".", "example"),
        ("values.schema.json", ".", "example"),
        ("apps/web/env/.env.local.sample", "apps/web/env", "example"),
        (".env.production.local", ".", "local"),
        (".env.docker", ".", "local"),
        ("docker-compose.override.yml", ".", "local"),
        ("src/main/resources/application-local.yml", "src/main/resources", "local"),
    ],
)  # fmt: skip
def test_what_is_no_single_environments_has_another_role(path, set_, role):
    """Bases, files that name environments inside, examples and what is for one machine."""
    place = PLACER.place(path.encode())
    assert place is not None
    assert (place.set, place.environment, place.role) == (set_, "", role)


@pytest.mark.parametrize(
    "path",
    [
        "production-notes.md", "latest.yaml", "contest.yaml", "livestream.json", "devices.yaml",
        "product.yaml", "src/production.py", "config/settings/production.py",
        "config/environments/production.rb", "bin/dev", "src/app/environment.prod.ts",
        "node_modules/x/.env.production", "vendor/x/config/production.json",
        "pkg/testdata/.env.production", "src/__tests__/env/.env.production",
        "tests/fixtures/prod.yaml", "src/test/resources/application-test.yml",
        "src/testIntegration/resources/application-dev.yml", "docs/values-prod.yaml",
        "examples/envs/prod/main.tf", "tsconfig.prod.json", "chart/templates/prod.yaml",
        "main.tf", "modules/db/variables.tf", "web-test.yaml", "demo/a.yaml", "int/x.json",
        "messages_int.properties", "values-nomaria.yaml", "README", ".vscode/settings.json",
        ".env.funding-wallet-index",
    ],
)  # fmt: skip
def test_what_only_looks_like_an_environment_is_none(path):
    """Words that hold a name, code, other people's files, test data and files of tools."""
    assert PLACER.place(path.encode()) is None
    assert PLACER.explain(path.encode())


@pytest.mark.parametrize("rule", rule_table()["rules"], ids=lambda rule: rule["id"])
def test_each_rule_places_its_examples(rule):
    """A rule proves itself."""
    examples = rule["example"].split(":")[0].split(", beside ")[0].split(", ")
    rules = [place.rule for each in examples if (place := PLACER.place(each.encode()))]
    assert rules == [rule["id"]] * len(examples)


def test_product_is_no_environment_of_a_dotenv_file():
    """`product.env` is the base of what might be `product.prod.env`."""
    place = PLACER.place(b"deploy/product.env")
    assert place is not None
    assert (place.set, place.environment) == ("deploy/product", "")


def test_formats_of_one_stem_are_one_set():
    """A file that changes from JSON to YAML stays in its set."""
    places = [PLACER.place(path) for path in (b"config/prod.json", b"config/prod.yaml")]
    assert len({place.set for place in places if place}) == 1


def test_a_file_named_for_the_environment_lies_over_its_folders_files():
    """`envs/prod/.env.prod` over `envs/prod/.env` over `envs/.env`."""
    paths = [b"envs/.env", b"envs/prod/.env", b"envs/prod/.env.prod"]
    layers = [place.layer for path in paths if (place := PLACER.place(path))]
    assert layers == sorted(set(layers))
    assert len(layers) == len(paths)


def test_an_explanation_names_environment_set_and_rule():
    """That is what a reader needs to override it."""
    said = PLACER.explain(b"apps/web/.env.prod")
    assert "prod" in said
    assert "apps/web" in said
    assert "rule dotenv" in said


@pytest.mark.parametrize("path", [b"\xff/.env.prod", b"a" * 5000 + b".yaml", b"/", b"", b".yaml"])
def test_any_path_has_an_answer(path):
    """However hostile it is."""
    assert PLACER.explain(path)


RULES = b"""creation_rules:
  - path_regex: (x|prod)/(a|a)+$
  - path_regex: sealed/int/.*\\.yaml$
    age: age1
  - path_regex: sealed/perf/.*
  - path_regex: (prod|dev)/.*
"""


def test_rules_of_sops_place_what_nothing_else_does():
    """A weak name in a folder is one where a rule of .sops.yaml says so."""
    placer = PLACER.with_sops(RULES)
    placed = [placer.place(b"sealed/int/db.yaml"), placer.place(b"a/sealed/perf/db.yaml")]
    assert [(each.set, each.environment, each.rule) for each in placed if each] == [
        ("sealed/db", "int", "sops"),
        ("a/sealed/db", "perf", "sops"),
    ]
    assert placer.place(b"other/db.yaml") is None
    assert placer.place(b"x/" + b"a" * 200 + b"b.yaml") is None


def test_rules_of_sops_that_cannot_be_read_say_nothing():
    """Neither broken files nor broken patterns stop anything."""
    for content in (b"creation_rules: [", b"creation_rules:\n - path_regex: (prod\n", b"\xff"):
        assert PLACER.with_sops(content).place(b"secretz/int/db.yaml") is None


class TestOverrides:
    """A user's forensics.toml decides before the rules do."""

    def placer(self, folder: Path, said: str) -> Placer:
        config = folder / "forensics.toml"
        config.write_text(said)
        return Placer.load(named_by_user(config))

    def test_a_file_is_placed_as_the_user_says(self, tmp_path):
        """Environment and set may be taken out of the path."""
        placer = self.placer(
            tmp_path, '[[drift.files]]\npath = "cfg/{set}/**/{environment}-x.txt"\nlayer = 30\n'
        )
        place = placer.place(b"cfg/web/a/b/Live-x.txt")
        assert place == ("web", "prod", "environment", 30, "forensics.toml:1")

    def test_a_file_is_ignored_as_the_user_says(self, tmp_path):
        """And the explanation says so."""
        placer = self.placer(tmp_path, '[[drift.files]]\npath = "old/**"\nrole = "ignore"\n')
        assert placer.place(b"old/x/.env.prod") is None
        assert "forensics.toml" in placer.explain(b"old/x/.env.prod")
        assert placer.place(b"new/.env.prod") is not None

    def test_names_of_the_user_are_names(self, tmp_path):
        """As an alias, and with a tier of its own."""
        said = '[drift.aliases]\ngreen = "production"\n[drift.tiers]\npartners = 4\n'
        placer = self.placer(tmp_path, said)
        places = [placer.place(path) for path in (b"values-green.yaml", b"values-partners.yaml")]
        assert [place.environment for place in places if place] == ["prod", "partners"]
        assert placer.tier("partners") == 4

    def test_a_star_stays_in_its_folder(self, tmp_path):
        """Only two cross folders."""
        placer = self.placer(tmp_path, '[[drift.files]]\npath = "a/*.txt"\nrole = "base"\n')
        assert placer.place(b"a/x.txt") is not None
        assert placer.place(b"a/b/x.txt") is None

    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ("[drift", "not TOML"),
            ("drift = 1", "table"),
            ("[drift.tiers]\nprod = 9", "0 to 4"),
            ("[drift.aliases]\nprod = 9", "names of environments"),
            ("[drift]\nfiles = 1", "two brackets"),
            ("[[drift.files]]\nset = 'a'", "needs a path"),
            ("[[drift.files]]\npath = 'a'", "needs an environment, or a role"),
            ("[[drift.files]]\npath = 'a'\nrole = 'boss'", "needs an environment, or a role"),
            ("[[drift.files]]\npath = 'a'\nrole = 'base'\nenvironment = 'x'", "only files"),
            ("[[drift.files]]\npath = 'a'\nlayer = '1'", "layer is a number"),
            ("[[drift.files]]\npath = 'a'\nwho = 1", "no such key as who"),
            ("[[drift.files]]\npath = '{set}{set}'\nrole = 'base'", "once"),
        ],
    )
    def test_what_cannot_be_is_said_in_one_line(self, tmp_path, said, why):
        """With the file, what is wrong in it, and what to do."""
        with pytest.raises(UsageProblem, match=why) as error:
            self.placer(tmp_path, said)
        assert error.value.hint
        assert "forensics.toml" in str(error.value)
        assert "\n" not in str(error.value)

    def test_a_file_that_is_not_there_is_said(self, tmp_path):
        """Whoever names a file means one that exists."""
        with pytest.raises(UsageProblem, match="cannot read") as error:
            named_by_user(tmp_path / "none.toml")
        assert "--config" in error.value.hint
