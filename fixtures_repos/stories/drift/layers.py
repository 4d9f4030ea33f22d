"""Stories of base files and the overlays that are laid over them."""

from __future__ import annotations

from pathlib import Path

from fixtures_repos.builder import BEN
from fixtures_repos.stories.drift.story import (
    DEV,
    PROD,
    STAGING,
    THREE,
    DriftStory,
    Event,
    Telling,
    each,
)

__all__ = [
    "compose_files",
    "compose_key_leaves_base_for_prod",
    "default_in_base_overridden_in_dev",
    "from_base_into_all_overlays",
    "from_base_into_one_overlay",
    "from_overlays_into_base",
    "kustomize_overlays",
]

BASE = "helm/parcels/values.yaml"
PLACE = "helm/values-{}.yaml"
DEPLOYS = ("dev", "preprod", "prod")


def _values(*lines: str) -> str:
    return "app:\n  env:\n    RETRIES: 3\n" + "".join(f"    {line}\n" for line in lines)


def from_base_into_all_overlays(path: Path) -> DriftStory:
    """A key leaves the chart's values and enters those of every environment."""
    told = Telling(path, {BASE: _values("BATCH_SIZE: 50"), **each(PLACE, "ingress: {}\n")})
    own = "ingress: {}\napp:\n  env:\n    BATCH_SIZE: 50\n"
    told.change("move", {BASE: _values(), **each(PLACE, own)})
    return told.end()


def from_overlays_into_base(path: Path) -> DriftStory:
    """And the other way."""
    own = "app:\n  env:\n    TIER: web\n    BATCH_SIZE: 50\n"
    told = Telling(path, {BASE: _values(), **each(PLACE, own)})
    told.change(
        "move",
        {BASE: _values("BATCH_SIZE: 50"), **each(PLACE, "app:\n  env:\n    TIER: web\n")},
    )
    return told.end()


def default_in_base_overridden_in_dev(path: Path) -> DriftStory:
    """Dev overrides a default: the others have the default, and lack nothing."""
    told = Telling(path, {BASE: _values("BATCH_SIZE: 50"), **each(PLACE, "ingress: {}\n")})
    told.change("override", {PLACE.format("dev"): "ingress: {}\napp:\n  env:\n    BATCH_SIZE: 5\n"})
    return told.end(meant=("app.env.BATCH_SIZE",))


def from_base_into_one_overlay(path: Path) -> DriftStory:
    """One key moves from base into dev's file and so is gone elsewhere; of another, dev only
    overrides the default."""
    told = Telling(
        path,
        {
            BASE: _values("AUDIT_BUCKET: bucket_name", "SAVE_TO_BUCKET: false"),
            **each(PLACE, "ingress: {}\n", DEPLOYS),
        },
    )
    own = "ingress: {}\napp:\n  env:\n    "
    told.change(
        "move",
        {
            BASE: _values("SAVE_TO_BUCKET: false"),
            PLACE.format("dev"): own + "AUDIT_BUCKET: bucket_name\n    SAVE_TO_BUCKET: true\n",
        },
        author=BEN,
    )
    told.change(
        "complete", each(PLACE, own + "AUDIT_BUCKET: bucket_name\n", ("preprod", "prod")), days=26
    )
    return told.end(
        Event("missing", "app.env.AUDIT_BUCKET", "move", "complete", (DEV,), ("preprod", PROD)),
        environments=DEPLOYS,
        meant=("app.env.SAVE_TO_BUCKET",),
    )


def compose_files(path: Path) -> DriftStory:
    """Lists and maps of variables are the same thing; an override adds to its base."""
    base = "services:\n  web:\n    image: acme/web\n    environment:\n      - RETRIES=3\n"
    told = Telling(
        path,
        {
            "docker-compose.yml": base,
            "docker-compose.dev.yml": "services:\n  web:\n    environment:\n      - POOL=5\n",
            "docker-compose.staging.yml": "services:\n  web:\n    environment:\n      POOL: '5'\n",
            "docker-compose.prod.yml": "services:\n  web:\n    environment:\n      POOL: 5\n",
        },
    )
    told.change("more", {"docker-compose.yml": base + "      - TIMEOUT=30\n"})
    return told.end()


def compose_key_leaves_base_for_prod(path: Path) -> DriftStory:
    """What all had from the base file, only prod has afterwards."""
    base = "services:\n  web:\n    image: acme/web\n    environment:\n      RETRIES: 3\n"
    own = "services:\n  web:\n    environment:\n      POOL: 5\n"
    told = Telling(
        path,
        {
            "docker-compose.yml": base + "      QUEUE_DEPTH: 40\n",
            **each("docker-compose.{}.yml", own),
        },
    )
    told.change(
        "narrow",
        {"docker-compose.yml": base, "docker-compose.prod.yml": own + "      QUEUE_DEPTH: 40\n"},
    )
    return told.end(Event("extra", "*QUEUE_DEPTH", "narrow", None, (PROD,), (DEV, STAGING)))


def kustomize_overlays(path: Path) -> DriftStory:
    """A variable that moves from the base deployment into every overlay's patch is kept; one that
    only dev's and staging's patches add is missing in prod."""

    def deployment(*names: str, more: str = "") -> str:
        env = "".join(f"            - name: {name}\n              value: 'on'\n" for name in names)
        return (
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n"
            f"{more}  template:\n    spec:\n      containers:\n        - name: web\n"
            f"          env:\n{env}"
        )

    sizes = {"dev": 1, "staging": 2, "prod": 4}

    def patch(name: str, *names: str) -> str:
        return deployment("METRICS", *names, more=f"  replicas: {sizes[name]}\n")

    overlay = "resources:\n  - ../../base\npatches:\n  - path: deployment.yaml\n"
    place = "k8s/overlays/{}/deployment.yaml"
    told = Telling(
        path,
        {
            "k8s/base/kustomization.yaml": "resources:\n  - deployment.yaml\n",
            "k8s/base/deployment.yaml": deployment("TRACING", "CACHING"),
            **each("k8s/overlays/{}/kustomization.yaml", overlay),
            **{place.format(name): patch(name) for name in THREE},
        },
    )
    told.change(
        "move",
        {
            "k8s/base/deployment.yaml": deployment("TRACING"),
            **{place.format(name): patch(name, "CACHING") for name in THREE},
        },
    )
    told.change(
        "add",
        {place.format(name): patch(name, "CACHING", "SAMPLING") for name in (DEV, STAGING)},
    )
    return told.end(
        Event("missing", "*SAMPLING*", "add", None, (DEV, STAGING), (PROD,)),
        meant=("*replicas",),
    )
