"""Files are read as the tools mean them that they are for."""

from __future__ import annotations

import base64

from tests.config.reading import settings_of, texts_of


def test_compose_variables_are_the_same_as_a_list_and_as_a_map():
    """Numbers among them are texts; a name alone takes its value from outside."""
    as_map = (
        b"services:\n  web:\n    environment:\n      A: x\n      B: 80\n      C:\n      D: ''\n"
    )
    as_list = b"services: {web: {environment: [A=x, B=80, C, 'D=']}}\n"
    expected = {
        "services.web.environment.A": (b"x", "untyped", "literal"),
        "services.web.environment.B": (b"80", "untyped", "literal"),
        "services.web.environment.C": (b"", "untyped", "reference"),
        "services.web.environment.D": (b"", "untyped", "empty"),
    }
    assert settings_of(b"docker-compose.yml", as_map) == expected
    assert settings_of(b"docker-compose.yml", as_list) == expected


def test_one_env_file_of_a_service_is_a_list_of_one():
    """So that it compares with several."""
    for one in (b"./a.env", b"[./a.env]"):
        told = settings_of(b"compose.yml", b"services:\n  web:\n    env_file: " + one + b"\n")
        assert [*told] == ["services.web.env_file[0]"]


def test_literals_of_kustomize_are_settings_by_name():
    """Of ConfigMaps and of Secrets, and nowhere else."""
    for kind in (b"configMapGenerator", b"secretGenerator"):
        told = texts_of(
            b"kustomization.yaml", kind + b":\n- name: web\n  literals:\n  - A=1\n  - B=x=y\n"
        )
        prefix = f"{kind.decode()}[name=web].literals"
        assert told == {f"{prefix}.A": b"1", f"{prefix}.B": b"x=y"}
    assert texts_of(b"a.yaml", b"literals: [A=1]\n") == {"literals[0]": b"A=1"}


def test_kubernetes_secrets_are_decoded():
    """So that a value is the same there and in a .env; what is no base64 stays."""
    encoded = base64.b64encode(b"plain text")
    content = (
        b"kind: Secret\ndata:\n  a: %s\n  b: '{{ .x | b64enc }}'\nstringData: {c: d}\n" % encoded
    )
    assert settings_of(b"secret.yaml", content) == {
        "kind": (b"Secret", "string", "literal"),
        "data.a": (b"plain text", "string", "literal"),
        "data.b": (b"{{ .x | b64enc }}", "string", "reference"),
        "stringData.c": (b"d", "string", "literal"),
    }
    assert texts_of(b"map.yaml", b"kind: ConfigMap\ndata: {a: %s}\n" % encoded)["data.a"] == encoded


def test_variables_of_containers_go_by_their_names():
    """In any order; one that comes from elsewhere is a reference in the place of its value."""
    items = [
        b"  - name: A\n    value: x\n",
        b"  - name: B\n    valueFrom:\n      secretKeyRef: {name: db, key: pw}\n",
    ]
    expected = {
        "env[name=A].value": (b"x", "string", "literal"),
        "env[name=B].value": (b"secretKeyRef/db/pw", "string", "reference"),
    }
    assert settings_of(b"a.yaml", b"env:\n" + b"".join(items)) == expected
    assert settings_of(b"a.yaml", b"env:\n" + b"".join(reversed(items))) == expected


def test_ci_variables_are_settings_of():
    """Of GitHub Actions in workflow, job and step; of GitLab with and without description."""
    workflow = (
        b"on: push\nenv: {A: 1}\njobs:\n  b:\n    env: {X: '${{ secrets.X }}'}\n    steps:\n"
        b"    - name: t\n      env: {Y: z}\n    - id: q\n      env: {Z: w}\n"
    )
    assert settings_of(b".github/workflows/ci.yml", workflow) == {
        "on": (b"push", "string", "literal"),
        "env.A": (b"1", "number", "literal"),
        "jobs.b.env.X": (b"${{ secrets.X }}", "string", "reference"),
        "jobs.b.steps[name=t].env.Y": (b"z", "string", "literal"),
        "jobs.b.steps[id=q].env.Z": (b"w", "string", "literal"),
    }
    gitlab = b"variables:\n  A: x\n  B: {value: y, description: why}\njob:\n  variables: {C: $A}\n"
    assert settings_of(b".gitlab-ci.yml", gitlab) == {
        "variables.A": (b"x", "string", "literal"),
        "variables.B": (b"y", "string", "literal"),
        "job.variables.C": (b"$A", "string", "reference"),
    }


def test_a_variable_that_a_dockerfile_asks_for_comes_from_outside():
    """Unless the same file gives it a value."""
    read = settings_of(b"Dockerfile", b"ARG A\nARG B=1\nFROM x\nARG B\n")
    assert read == {
        "A": (b"", "untyped", "reference"),
        "B": (b"1", "untyped", "literal"),
    }
