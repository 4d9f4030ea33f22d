"""Which environment variables are wrong at a commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.drift.env_vars import EnvFinding
from tests.drift.env_vars.linting import linted, tell

READ = 'import os\na = os.environ["API_URL"]\n'


def found(path: Path, files: dict[str, str]) -> dict[tuple[str, str], EnvFinding]:
    return linted(tell(path, dict(files)))


def test_a_variable_that_nothing_defines_is_told_with_its_line(tmp_path: Path) -> None:
    """Where it is read, and that the code fails without it."""
    findings = found(tmp_path, {"app/main.py": READ, ".env": "OTHER=1\n"})
    one = findings["used-undefined", "API_URL"]
    assert (one.path, one.line, one.default, one.severity) == (
        b"app/main.py", 2, "required", "high",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (".env", "API_URL=x\n"),
        (".env.example", "# API_URL=x\n"),
        ("docker-compose.yml", "services:\n  web:\n    environment:\n      - API_URL=x\n"),
        ("docker-compose.yml", "services:\n  web:\n    environment:\n      API_URL: x\n"),
        ("k8s/web.yaml", "kind: Deployment\nenv:\n  - name: API_URL\n    value: x\n"),
        ("helm/values.yaml", "env:\n  API_URL: x\n"),
        ("helm/templates/web.yaml", "{{ if .X }}\n- name: API_URL\n  value: {{ .X }}\n{{ end }}\n"),
        ("Dockerfile", "FROM x\nENV PORT=1 \\\n    API_URL=x\n"),
        ("infra/main.tf", 'resource "a" "b" {\n  environment {\n    API_URL = "x"\n  }\n}\n'),
        (".github/workflows/ci.yml", "jobs:\n  a:\n    env:\n      X: ${{ secrets.API_URL }}\n"),
        (".github/workflows/ci.yml", "jobs:\n  a:\n    env:\n      API_URL: x\n"),
        (".gitlab-ci.yml", "variables:\n  API_URL: x\n"),
        ("package.json", '{"scripts": {"start": "API_URL=x node ."}}\n'),
        ("bin/start.sh", "export API_URL=x\n"),
        ("Procfile", "web: API_URL=x run\n"),
        ("web.service", "[Service]\nEnvironment=API_URL=x\n"),
        ("fly.toml", '[env]\n  API_URL = "x"\n'),
    ],
)
def test_whatever_defines_a_variable_is_known(tmp_path: Path, path: str, content: str) -> None:
    """Environment files, examples, manifests, images, Terraform, CI and scripts."""
    findings = found(tmp_path, {"app/main.py": READ, path: content})
    assert ("used-undefined", "API_URL") not in findings


@pytest.mark.parametrize(
    "code",
    [
        'import os\nos.environ.get("API_URL", "x")\n',
        'import os\nif os.environ.get("API_URL") == "1":\n    pass\n',
        'import os\nos.environ.get("GITHUB_SHA")\nos.environ["HOME"]\n',
        '# os.environ["API_URL"]\n',
    ],
)
def test_what_needs_no_definition_is_not_told(tmp_path: Path, code: str) -> None:
    """A default, a question, a name that the platform gives, a comment."""
    assert not found(tmp_path, {"app/main.py": code})


def test_test_code_and_examples_count_for_nothing(tmp_path: Path) -> None:
    """Nor does what others wrote."""
    files = dict.fromkeys(("tests/test_a.py", "examples/a.py", "node_modules/a/b.py"), READ)
    assert not found(tmp_path, files)


def test_what_the_example_lacks_is_undocumented(tmp_path: Path) -> None:
    """Although CI provides it. Without an example file nothing is undocumented."""
    ci = {".github/workflows/ci.yml": "env:\n  API_URL: x\n", "app/main.py": READ}
    assert not found(tmp_path / "a", ci)
    findings = found(tmp_path / "b", {**ci, ".env.example": "OTHER_URL=\n"})
    assert findings["undocumented", "API_URL"].path == b"app/main.py"
    assert findings["documented-unused", "OTHER_URL"].path == b".env.example"


def test_tools_need_no_line_in_the_example(tmp_path: Path) -> None:
    """They do not belong to the program."""
    findings = found(tmp_path, {"scripts/release.py": READ, ".env.example": "# OTHER_URL=\n"})
    assert set(findings) == {("used-undefined", "API_URL")}


def test_code_called_env_is_no_environment_file(tmp_path: Path) -> None:
    """`env.ts` reads, whatever its lines look like."""
    assert not found(tmp_path, {"src/env.ts": "const a = {\n  OLD_FLAG: 1,\n};\n"})


def test_what_nothing_names_is_unused(tmp_path: Path) -> None:
    """Prose does not use it; a reference in another file does."""
    env = {".env": "OLD_URL=x\nSHARED_HOST=x\nFULL_URL=http://${SHARED_HOST}\n"}
    code = {"app/main.py": 'import os\nos.environ["FULL_URL"]\n', "README.md": "Set OLD_URL.\n"}
    assert set(found(tmp_path, {**env, **code})) == {("defined-unused", "OLD_URL")}


def test_what_something_else_reads_is_not_unused(tmp_path: Path) -> None:
    """An image, a tool, or code by a prefix."""
    files = {
        ".env": "POSTGRES_USER=x\nSENTRY_DSN=x\nAPP_PORT_NUMBER=1\n",
        "main.go": 'package m\ntype C struct {\n  P int `envconfig:"PORT_NUMBER"`\n}\n',
    }
    assert not found(tmp_path, files)


def test_a_service_built_here_may_not_get_what_its_code_does_not_read(tmp_path: Path) -> None:
    """Of a service from elsewhere nobody knows."""
    compose = """
services:
  web:
    build: .
    environment:
      OLD_FLAG: "1"
  db:
    image: db
    environment:
      DB_FLAG: "1"
"""
    findings = found(tmp_path, {"docker-compose.yml": compose})
    assert set(findings) == {("defined-unused", "OLD_FLAG")}
    assert findings["defined-unused", "OLD_FLAG"].line == 6


def test_an_environment_that_lacks_a_variable_is_named(tmp_path: Path) -> None:
    """Not that of tests, which lacks much on purpose."""
    files = {
        "app/main.py": READ,
        ".env.staging": "API_URL=x\nREGION=a\n",
        ".env.production": "REGION=b\n",
        ".env.test": "REGION=c\n",
    }
    one = found(tmp_path, files)["missing-in-environment", "API_URL"]
    assert (one.present, one.missing) == (("staging",), ("prod",))


def test_a_base_gives_a_variable_to_every_environment(tmp_path: Path) -> None:
    """Values of Helm lie over those of the base."""
    files = {
        "app/main.py": READ,
        "helm/values.yaml": "env:\n  API_URL: x\n",
        "helm/values-dev.yaml": "env:\n  API_URL: y\n  REGION: a\n",
        "helm/values-prod.yaml": "env:\n  REGION: b\n",
    }
    assert ("missing-in-environment", "API_URL") not in found(tmp_path, files)


def test_components_of_a_monorepo_do_not_define_for_each_other(tmp_path: Path) -> None:
    """What stands at the top is for all; a library is reached by all."""
    code = "const a = process.env.API_URL;\n"
    files = {
        "apps/a/package.json": "{}", "apps/a/index.js": code, "apps/a/.env": "REGION=x\n",
        "apps/b/package.json": "{}", "apps/b/index.js": code, "apps/b/.env": "API_URL=x\n",
        "packages/c/package.json": "{}", "packages/c/index.js": code,
    }  # fmt: skip
    findings = found(tmp_path / "a", files)
    assert findings["used-undefined", "API_URL"].component == "apps/a"
    above = found(tmp_path / "b", {**files, ".env": "API_URL=x\n"})
    assert ("used-undefined", "API_URL") not in above


def test_a_schema_of_the_component_answers_for_its_reads(tmp_path: Path) -> None:
    """What it calls optional needs no definition."""
    files = {
        "schema.ts": "export const envSchema = z.object({ API_URL: z.string().optional() });\n",
        "env.ts": "envSchema.parse({ API_URL: process.env.API_URL });\n",
    }
    assert not found(tmp_path, files)


def test_a_compose_file_that_hands_on_does_not_define(tmp_path: Path) -> None:
    """It reads what it hands on, and says so itself."""
    compose = "services:\n  web:\n    environment:\n      API_URL: ${API_URL:?}\n"
    findings = found(tmp_path, {"docker-compose.yml": compose, "app/main.py": READ})
    assert findings["used-undefined", "API_URL"].path == b"docker-compose.yml"
