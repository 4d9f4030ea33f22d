"""Infrastructure surfaces: what shows which tool, and that it never shows a value."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.stories.story import token
from forensics.inventory.surfaces import CATEGORIES
from tests.inventory.taking import surfaces_of, taken, told

TERRAFORM = """terraform {
  backend "s3" {}
}
provider "aws" {
  region = "eu-west-1"
}
resource "aws_db_instance" "parcels" {}
resource "aws_db_instance" "archive" {}
resource "aws_security_group" "web" {}
resource "aws_cloudwatch_log_group" "web" {}
resource "aws_iam_role" "web" {}
"""


def test_terraform(tmp_path: Path) -> None:
    """Providers, kinds of resources once a file, and what some of them are besides."""
    assert surfaces_of(tmp_path, {"infra/main.tf": TERRAFORM}) == [
        ("IaC", "Terraform", "backend s3", 2),
        ("IaC", "Terraform", "provider aws", 4),
        ("IaC", "Terraform", "resource aws_db_instance", 7),
        ("IaC", "Terraform", "resource aws_security_group", 9),
        ("IaC", "Terraform", "resource aws_cloudwatch_log_group", 10),
        ("IaC", "Terraform", "resource aws_iam_role", 11),
        ("network", "cloud network", "resource aws_security_group", 9),
        ("data", "managed database", "resource aws_db_instance", 7),
        ("observability", "monitoring", "resource aws_cloudwatch_log_group", 10),
    ]


def test_compose(tmp_path: Path) -> None:
    """Services, what their images are, and keys that hold addresses of databases."""
    content = """services:
  api:
    build: .
    environment:
      DATABASE_URL: postgres://api:hidden@db/api
  db:
    image: postgres:16
"""
    assert surfaces_of(tmp_path, {"stack/app.yaml": content}) == [
        ("runtime", "Docker Compose", "service api", 3),
        ("runtime", "Docker Compose", "service db, image postgres:16", 7),
        ("data", "PostgreSQL", "address in DATABASE_URL", 5),
        ("data", "PostgreSQL", "service db, image postgres:16", 7),
    ]


MANIFESTS = """apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      containers:
        - image: "redis:7"
---
kind: Ingress
apiVersion: networking.k8s.io/v1
---
apiVersion: networking.istio.io/v1
kind: VirtualService
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
---
apiVersion: argoproj.io/v1alpha1
kind: Application
{{- if .Values.on }}
---
apiVersion: v1
kind: Secret
{{- end }}
"""


def test_manifests_of_kubernetes(tmp_path: Path) -> None:
    """Each kind in its category, in templates that are no YAML too."""
    assert surfaces_of(tmp_path, {"chart/templates/all.yaml": MANIFESTS}) == [
        ("runtime", "Kubernetes", "kind Deployment", 2),
        ("runtime", "Kubernetes configuration", "kind Secret", 23),
        ("network", "Istio", "kind VirtualService", 13),
        ("network", "Kubernetes Ingress", "kind Ingress", 9),
        ("data", "Redis", "image redis:7", 7),
        ("CI/CD", "Argo CD", "kind Application", 19),
        ("observability", "Prometheus", "kind ServiceMonitor", 16),
    ]


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("template.yaml", "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n",
         [("IaC", "CloudFormation", "resource AWS::DynamoDB::Table", 3),
          ("data", "managed document store", "resource AWS::DynamoDB::Table", 3)]),
        ("Pulumi.yaml", "name: x\n", [("IaC", "Pulumi", "file name", None)]),
        ("site.yml", "- hosts: web\n  become: true\n\n  roles: [nginx]\n",
         [("IaC", "Ansible", "playbook", 1)]),
        ("chart/Chart.yaml", "name: parcels\ndependencies:\n  - name: redis\n",
         [("IaC", "Helm", "chart parcels", 1), ("data", "Redis", "chart dependency redis", 3)]),
        ("overlays/prod/kustomization.yaml", "resources: []\n",
         [("IaC", "Kustomize", "file name", None)]),
        ("serverless.yml", "service: x\n", [("IaC", "Serverless Framework", "file name", None)]),
        ("Dockerfile", "FROM --platform=linux/amd64 nginx:1.27 AS web\nEXPOSE 80\n",
         [("runtime", "Docker", "from nginx:1.27", 1), ("runtime", "Docker", "exposes 80", 2),
          ("network", "nginx", "from nginx:1.27", 1)]),
        ("api.service", "[Unit]\n[Service]\n", [("runtime", "systemd", "unit with [Service]", 2)]),
        ("Procfile", "web: run\nworker: run\n",
         [("runtime", "Procfile", "process web", 1), ("runtime", "Procfile", "process worker", 2)]),
        ("deploy/nginx.conf", "http {\n  server {\n  }\n}\n",
         [("network", "nginx", "block server", 2)]),
        ("haproxy.cfg", "global\n", [("network", "HAProxy", "file name", None)]),
        ("application.yml", "spring:\n  url: jdbc:mysql://db/x\n",
         [("data", "MySQL", "address in url", 2)]),
        ("config/database.yml", "default:\n  adapter: postgresql\n",
         [("data", "PostgreSQL", "adapter postgresql", 2),
          ("data", "Rails database", "adapter postgresql", 2)]),
        ("prometheus.yml", "scrape_configs: []\n",
         [("observability", "Prometheus", "key scrape_configs", 1)]),
        ("package.json", '{"dependencies": {\n  "@sentry/node": "^8",\n  "pg": "^8"\n}}\n',
         [("data", "PostgreSQL", "package pg", 3),
          ("observability", "Sentry", "package @sentry/node", 2)]),
        ("requirements.txt", "opentelemetry-sdk==1.2\n",
         [("observability", "OpenTelemetry", "package opentelemetry-sdk", 1)]),
        (".github/dependabot.yml", "version: 2\n", [("CI/CD", "Dependabot", "file name", None)]),
        ("notes.txt", "postgres terraform nginx", []),
        ("web/config.json", '{"services": ["postgres"], "kind": "Ingress"}', []),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)  # fmt: skip
def test_one_file(
    tmp_path: Path, path: str, content: str, expected: list[tuple[str, str, str, int | None]]
) -> None:
    """What it shows, and nothing more."""
    assert surfaces_of(tmp_path, {path: content}) == expected


def test_no_value_is_evidence(tmp_path: Path) -> None:
    """Neither the password of an address, nor anything else behind a name."""
    secret = token().decode()
    files: dict[str | bytes, str | bytes] = {
        ".env": f"DATABASE_URL=postgres://u:{secret}@db/x\nSENTRY_DSN=https://{secret}@sentry\n",
        "docker-compose.yml": f"services:\n  a:\n    environment:\n      T: {secret}\n",
        "main.tf": f'provider "aws" {{\n  secret_key = "{secret}"\n}}\n',
        "package.json": f'{{"dependencies": {{\n"pg": "git+https://{secret}@host/x"\n}}}}',
        "deploy.yaml": f"apiVersion: v1\nkind: Secret\ndata:\n  T: {secret}\n",
    }
    told(tmp_path, files)
    found = taken(tmp_path).infrastructure_surfaces
    assert {one.tool for one in found} >= {"PostgreSQL", "Sentry", "Docker Compose", "Terraform"}
    assert secret not in repr(found)


def test_every_category_is_one_of_six() -> None:
    """Also of what no test here shows."""
    from forensics.inventory.surfaces import _signs

    signs = _signs()
    named = {one.category for one in signs.signs}
    named |= {one.category for table in signs.lookups.values() for one in table}
    assert named == set(CATEGORIES)
