"""The first text of Acme's larger files."""

from __future__ import annotations

__all__ = [
    "API",
    "CI",
    "COMPOSE",
    "DEPLOY",
    "DOCKERFILE",
    "ENV_EXAMPLE",
    "README",
    "RUNBOOK",
    "SETTINGS",
    "TERRAFORM",
]

README = """# Parcel tracker

Tells Acme's customers where their parcels are.

    cp .env.example .env
    docker compose up

The database of a developer is
`postgresql://parcels:password@localhost:5432/parcels`.
"""

ENV_EXAMPLE = """# Copy to .env and fill in. Never commit the copy.
DATABASE_URL=postgresql://parcels:password@localhost:5432/parcels
STRIPE_API_KEY=sk_live_xxxxxxxxxxxxxxxxxxxxxxxx
SENDGRID_API_KEY=SG.replace-me
GITHUB_TOKEN=ghp_your-token-here
SESSION_SECRET=change-me-to-48-random-characters
AWS_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY}
"""

SETTINGS = '''"""Settings, read from the environment once."""

import os

DATABASE_URL = os.environ["DATABASE_URL"]
SESSION_SECRET = os.environ["SESSION_SECRET"]
STRIPE_API_KEY = os.environ.get("STRIPE_API_KEY", "")
SENDGRID_API_KEY = os.environ.get("SENDGRID_API_KEY", "")
LOG_LEVEL = os.environ.get("LOG_LEVEL", "info")
'''

API = '''"""The HTTP interface."""

from fastapi import FastAPI

from parcels import store
from parcels.customers import current_customer

app = FastAPI(title="Parcel tracker")
'''

DOCKERFILE = """FROM python:3.12-slim
WORKDIR /srv
COPY requirements.lock .
RUN pip install --no-cache-dir -r requirements.lock
COPY parcels parcels
CMD ["uvicorn", "parcels.api:app", "--host", "0.0.0.0"]
"""

COMPOSE = """services:
  api:
    build: .
    env_file: .env
    ports: ["8000:8000"]
  db:
    image: postgres:16
    environment:
      POSTGRES_PASSWORD: password
"""

CI = """name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pip install -r requirements.lock && pytest
        env:
          GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}
"""

DEPLOY = """#!/bin/sh
set -eu
environment=$1
helm upgrade parcels ./helm -f "helm/values-$environment.yaml"
"""

RUNBOOK = """# Runbook

## A carrier is down

Set `carriers.NAME.enabled` to false in the helm values and deploy.

## Cloud access

Profiles look like this:

    aws_access_key_id = AKIAIOSFODNN7EXAMPLE
    aws_secret_access_key = <from the vault>
"""

TERRAFORM = """terraform {
  required_version = ">= 1.6"
}

provider "aws" {
  region     = var.region
  access_key = var.access_key
  secret_key = var.secret_key
}

resource "aws_db_instance" "parcels" {
  identifier        = "parcels-${var.environment}"
  instance_class    = var.instance_class
  allocated_storage = var.storage_gib
}
"""
