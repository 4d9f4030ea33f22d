"""CI pipelines: what is told of each system's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.inventory.records import Used
from tests.inventory.taking import pipeline_of, taken, told

COMMIT = "8f4b7f84864484a7bf31766abe9204da3cbe65b3"
DIGEST = "sha256:" + "ab" * 32

WORKFLOW = f"""name: Deploy
on:
  push: {{branches: [main]}}
  workflow_dispatch:
permissions:
  contents: read
jobs:
  ship:
    runs-on: [self-hosted, linux]
    environment: {{name: prod, url: https://example.com}}
    permissions: {{id-token: write}}
    container: node:20
    services:
      db: {{image: "postgres@{DIGEST}"}}
    steps:
      - uses: actions/checkout@v4  # secrets.IN_A_COMMENT
      - uses: docker/login-action@{COMMIT}
      - uses: ./.github/actions/local
      - uses: docker://alpine:3.20
      - run: deploy "${{{{ secrets.DEPLOY_KEY }}}}" "${{{{ vars.REGION }}}}"
  reuse:
    uses: acme/workflows/.github/workflows/scan.yml@main
    secrets: inherit
"""


def test_a_workflow_of_github(tmp_path: Path) -> None:
    """Jobs, triggers, environments, names of secrets and variables, what is pinned and what not."""
    found = pipeline_of(tmp_path, {".github/workflows/deploy.yml": WORKFLOW})
    assert (found.system, found.name, found.trouble) == ("GitHub Actions", "Deploy", "")
    assert found.jobs == ("reuse", "ship")
    assert found.triggers == ("push", "workflow_dispatch")
    assert found.environments == ("prod",)
    assert found.secrets == ("DEPLOY_KEY", "inherit")
    assert found.variables == ("REGION",)
    assert found.permissions == ("contents: read", "id-token: write")
    assert found.runners == ("linux", "self-hosted")
    assert found.uses == (
        Used("image", "node", "20", False, 12),
        Used("image", "postgres", DIGEST, True, 14),
        Used("action", "actions/checkout", "v4", False, 16),
        Used("action", "docker/login-action", COMMIT, True, 17),
        Used("image", "alpine", "3.20", False, 19),
        Used("workflow", "acme/workflows/.github/workflows/scan.yml", "main", False, 22),
    )


def test_github_runs_no_workflows_of_folders(tmp_path: Path) -> None:
    """What lies below the top was copied here from elsewhere."""
    told(tmp_path, {"lib/.github/workflows/ci.yml": WORKFLOW})
    assert taken(tmp_path).ci_pipelines == ()


GITLAB = f"""stages: [build, deploy]
include:
  - local: ci/base.yml
  - project: acme/templates
    ref: {COMMIT}
    file: /deploy.yml
  - template: Security/SAST.gitlab-ci.yml
variables:
  APP_NAME: parcels
default:
  tags: [docker]
.hidden:
  image: alpine:3.20
build:
  image: registry.example.com:5000/builder
  script: make "$CI_COMMIT_SHA" "$REGISTRY_USER"
deploy:
  environment:
    name: production
  id_tokens:
    AWS_TOKEN: {{aud: aws}}
  only:
    refs: [tags]
  script: ./deploy
"""


def test_a_pipeline_of_gitlab(tmp_path: Path) -> None:
    """Hidden jobs and keywords are no jobs; the repository's own files are not from elsewhere."""
    found = pipeline_of(tmp_path, {".gitlab-ci.yml": GITLAB})
    assert (found.system, found.jobs) == ("GitLab CI", ("build", "deploy"))
    assert found.triggers == ("tags",)
    assert found.environments == ("production",)
    assert found.secrets == ("AWS_TOKEN",)
    assert found.variables == ("APP_NAME", "REGISTRY_USER")
    assert found.runners == ("docker",)
    assert found.uses == (
        Used("include", "acme/templates", COMMIT, True, 4),
        Used("template", "Security/SAST.gitlab-ci.yml", "", False, 7),
        Used("image", "alpine", "3.20", False, 13),
        Used("image", "registry.example.com:5000/builder", "", False, 15),
    )


JENKINS = """@Library('acme-pipeline@v3') _
pipeline {
  agent { docker { image 'maven:3.9' } }
  triggers { cron('H 4 * * *') }
  environment { TOKEN = credentials('deploy-token') }
  stages {
    stage('Build') { steps { sh "make ${env.BUILD_KIND}" } }
    // stage('Old') { }
    stage("Deploy") {
      steps { withCredentials([string(credentialsId: 'registry', variable: 'X')]) { sh 'x' } }
    }
  }
}
"""
CIRCLE = """version: 2.1
orbs:
  node: circleci/node@5.1.0
  aws: circleci/aws-cli@volatile
jobs:
  test:
    docker: [{image: "cimg/node:20.1"}]
    resource_class: small
    steps: [checkout]
workflows:
  main:
    jobs:
      - test: {context: [aws-prod]}
"""
AZURE = """trigger: [main]
pool: {vmImage: ubuntu-22.04}
variables:
  - group: prod-secrets
  - name: region
    value: eu
stages:
  - stage: ship
    jobs:
      - deployment: web
        environment: production
        steps:
          - task: AzureCLI@2
"""
DRONE = """kind: pipeline
type: docker
name: default
steps:
  - name: build
    image: golang:1.22
    environment:
      TOKEN: {from_secret: registry_token}
trigger: {event: [push]}
"""
TEKTON = """apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  steps:
    - name: compile
      image: golang:1.22
---
apiVersion: v1
kind: ConfigMap
metadata: {name: other}
"""
BITBUCKET = """image: node:20
pipelines:
  branches:
    main:
      - step:
          name: Ship
          deployment: production
          script:
            - pipe: atlassian/aws-s3-deploy:1.1.0
"""
CLOUD_BUILD = """steps:
  - id: build
    name: gcr.io/cloud-builders/docker
    secretEnv: [NPM_TOKEN]
"""
CODE_BUILD = """version: 0.2
env:
  parameter-store: {DB_LOGIN: /parcels/db}
phases:
  build: {commands: [make]}
"""


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("Jenkinsfile", JENKINS, {
            "system": "Jenkins", "jobs": ("Build", "Deploy"), "triggers": ("cron",),
            "secrets": ("deploy-token", "registry"), "variables": ("BUILD_KIND",),
            "uses": (
                Used("library", "acme-pipeline", "v3", False, 1),
                Used("image", "maven", "3.9", False, 3),
            ),
        }),
        (".circleci/config.yml", CIRCLE, {
            "system": "CircleCI", "jobs": ("test",), "secrets": ("aws-prod",),
            "runners": ("small",), "uses": (
                Used("orb", "circleci/node", "5.1.0", True, 3),
                Used("orb", "circleci/aws-cli", "volatile", False, 4),
                Used("image", "cimg/node", "20.1", False, 7),
            ),
        }),
        ("azure-pipelines.yml", AZURE, {
            "system": "Azure Pipelines", "jobs": ("web",), "triggers": ("main",),
            "environments": ("production",), "secrets": ("prod-secrets",),
            "variables": ("region",), "runners": ("ubuntu-22.04",),
            "uses": (Used("task", "AzureCLI", "2", False, 13),),
        }),
        (".drone.yml", DRONE, {
            "system": "Drone", "name": "default", "jobs": ("build",), "triggers": ("push",),
            "secrets": ("registry_token",), "variables": ("TOKEN",), "runners": ("docker",),
        }),
        ("ci/build.yaml", TEKTON, {
            "system": "Tekton", "name": "build", "jobs": ("compile",), "triggers": ("Task",),
            "uses": (Used("image", "golang", "1.22", False, 7),),
        }),
        ("bitbucket-pipelines.yml", BITBUCKET, {
            "system": "Bitbucket Pipelines", "jobs": ("Ship",), "environments": ("production",),
            "triggers": ("branches", "main"), "uses": (
                Used("image", "node", "20", False, 1),
                Used("pipe", "atlassian/aws-s3-deploy", "1.1.0", False, 9),
            ),
        }),
        ("cloudbuild.yaml", CLOUD_BUILD, {
            "system": "Cloud Build", "jobs": ("build",), "secrets": ("NPM_TOKEN",),
            "uses": (Used("image", "gcr.io/cloud-builders/docker", "", False, 3),),
        }),
        ("buildspec.yml", CODE_BUILD, {
            "system": "CodeBuild", "jobs": ("build",), "secrets": ("DB_LOGIN",),
        }),
    ],
    ids=lambda value: value["system"] if isinstance(value, dict) else "",
)  # fmt: skip
def test_other_systems(
    tmp_path: Path, path: str, content: str, expected: dict[str, object]
) -> None:
    """Each is told from its own file, and from nothing else."""
    found = pipeline_of(tmp_path, {path: content})._asdict()
    assert {name: found[name] for name in expected} == expected


def test_a_pipeline_that_does_not_parse_is_told_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    """With its trouble, and the names that stand in its text."""
    broken = WORKFLOW + "  bad: [unclosed\n"
    found = pipeline_of(tmp_path, {".github/workflows/deploy.yml": broken})
    assert found.trouble.startswith("not YAML in line ")
    assert found.secrets == ("DEPLOY_KEY", "inherit")


def test_a_pipeline_that_is_too_large_is_a_row(tmp_path: Path) -> None:
    """Nothing in it is read, and the row says so."""
    content = WORKFLOW + "#" * (5 << 20)
    found = pipeline_of(tmp_path, {".github/workflows/deploy.yml": content})
    assert (found.system, found.trouble) == ("GitHub Actions", "not read: larger than 4 MiB")


def test_templates_inside_templates_do_not_hide_a_workflow(tmp_path: Path) -> None:
    """Helm quotes the braces that are meant for Argo."""
    content = """apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata:
  name: "deploy"
  annotations: {title: "**{{ "{{workflow.name}}" }} by {{ `{{x}}` }}**"}
spec:
  templates:
    - name: ship
      container: {image: "acme/ship:1"}
"""
    found = pipeline_of(tmp_path, {"chart/templates/workflow.yaml": content})
    assert (found.system, found.name, found.jobs) == ("Argo Workflows", "deploy", ("ship",))
