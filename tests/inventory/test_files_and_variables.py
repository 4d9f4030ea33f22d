"""Configuration files and environment variables of a commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from tests.inventory.taking import taken, told


def test_a_configuration_file_is_described(tmp_path: Path) -> None:
    """How it reads, where it belongs, how many keys, and what changed it last."""
    builder = Builder(tmp_path)
    builder.write("api/.env.production", "DB_PASSWORD=x1\nTOKEN_TTL=60\n")
    builder.commit("Start")
    builder.write("api/.env.production", "DB_PASSWORD=x2\nTOKEN_TTL=60\nAPI_KEY=x3\n")
    changed = builder.commit("Change")
    builder.write("README.md", "# Read me\n")
    builder.commit("Something else")
    (file,) = taken(tmp_path).configuration_files
    assert (file.path, file.kind, file.environment) == (b"api/.env.production", "dotenv", "prod")
    assert (file.set, file.role, file.trouble) == ("api", "environment", "")
    assert (file.keys, file.secret_keys) == (3, 2)
    assert (file.changed_commit, file.changed_date) == (changed, "2023-01-09T11:00:00+00:00")
    assert file.size == 39


def test_another_commit_has_its_own_inventory(tmp_path: Path) -> None:
    """HEAD is only what is taken where nothing is named."""
    builder = told(tmp_path, {".env": "A=1\n"})
    first = builder.head
    builder.write("b.toml", "[x]\ny = 1\n")
    builder.commit("More")
    assert [one.path for one in taken(tmp_path, "HEAD~1").configuration_files] == [b".env"]
    assert taken(tmp_path, first[:12]) == taken(tmp_path, "HEAD~1")
    assert len(taken(tmp_path).configuration_files) == 2


def test_a_bare_repository(tmp_path: Path) -> None:
    """It has no work tree, and none is needed."""
    builder = Builder(tmp_path, bare=True)
    builder.write(".env", "A=1\n")
    builder.commit("Start")
    assert [one.path for one in taken(tmp_path).configuration_files] == [b".env"]


@pytest.mark.parametrize(
    "path",
    ["main.py", "src/index.ts", "README.md", "package-lock.json", "locales/en.json", "data.json",
     "node_modules/x/config.json"],
)  # fmt: skip
def test_what_is_no_configuration(tmp_path: Path, path: str) -> None:
    """Code, locks, translations, data, and what others keep here."""
    told(tmp_path, {path: '{"a": 1}\n'})
    assert taken(tmp_path).configuration_files == ()


def test_what_cannot_be_parsed_or_read_is_a_row(tmp_path: Path) -> None:
    """With its trouble, so that nobody takes it for a file without keys."""
    builder = told(tmp_path, {"config.json": '{"a": ', "big.yaml": "a: 1\n" * (1 << 20)})
    builder.write("link.yaml", "/etc/passwd", mode="120000")
    builder.commit("A link")
    found = {one.path: (one.keys, one.trouble) for one in taken(tmp_path).configuration_files}
    assert found[b"big.yaml"] == (None, "not read: larger than 4 MiB")
    assert found[b"link.yaml"] == (None, "not read: a symbolic link")
    assert found[b"config.json"][1] != ""
    assert len(found) == 3


def test_vendored_files_are_counted(tmp_path: Path) -> None:
    """They are left out on purpose, which the inventory says."""
    told(tmp_path, {"vendor/x/a.yaml": "a: 1\n", "vendor/x/b.yaml": "a: 1\n", ".env": "A=1\n"})
    found = taken(tmp_path)
    assert found.left_out == (("vendored files", 2),)
    assert [one.path for one in found.configuration_files] == [b".env"]


FILES: dict[str | bytes, str | bytes] = {
    "app.py": 'import os\nos.environ["DB_HOST"]\nos.environ.get("LEVEL", "info")\n',
    ".env.staging": "DB_HOST=db\nexport LEVEL=debug\n",
    "Dockerfile": "FROM x\nENV LEVEL=warn\nRUN OTHER=1 make\n",
    "docker-compose.yml": "services:\n  a:\n    image: b\n    environment:\n      DB_HOST: x\n",
    "k8s/app.yaml": "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: a\n      env:\n"
    "        - name: FROM_POD\n          value: x\n",
    "k8s/map.yaml": "apiVersion: v1\nkind: ConfigMap\ndata:\n  FROM_MAP: x\n  file.txt: y\n",
    ".github/workflows/ci.yml": "on: push\nenv:\n  IN_CI: x\njobs:\n  a:\n    steps:\n"
    "      - run: echo ${{ secrets.GIVEN }}\n",
}


def test_where_variables_are_read_defined_and_given(tmp_path: Path) -> None:
    """By name, file and line; a read names the files that define it."""
    told(tmp_path, FILES)
    uses = taken(tmp_path).environment_uses
    assert [(one.name, one.use, one.path, one.line, one.kind, one.environment) for one in uses
            if one.use != "read"] == [
        ("DB_HOST", "defined", b".env.staging", 1, "dotenv", "staging"),
        ("DB_HOST", "defined", b"docker-compose.yml", 5, "yaml", ""),
        ("FROM_MAP", "defined", b"k8s/map.yaml", 4, "yaml", ""),
        ("FROM_POD", "defined", b"k8s/app.yaml", 8, "yaml", ""),
        ("GIVEN", "given", b".github/workflows/ci.yml", 7, "GitHub Actions", ""),
        ("IN_CI", "defined", b".github/workflows/ci.yml", 3, "yaml", ""),
        ("LEVEL", "defined", b".env.staging", 2, "dotenv", "staging"),
        ("LEVEL", "defined", b"Dockerfile", 2, "dockerfile", ""),
    ]  # fmt: skip
    reads = {(one.name, one.line): one for one in uses if one.use == "read"}
    assert {key: (one.default, one.kind, one.path) for key, one in reads.items()} == {
        ("DB_HOST", 2): (False, "python", b"app.py"),
        ("LEVEL", 3): (True, "python", b"app.py"),
    }
    assert reads["DB_HOST", 2].defined_in == (b".env.staging", b"docker-compose.yml")
