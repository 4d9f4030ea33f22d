"""Stories of files that are written differently and say the same."""

from __future__ import annotations

import json
from pathlib import Path

from fixtures_repos.stories.drift.story import (
    PROD,
    THREE,
    DriftStory,
    Telling,
    dotenv,
    each,
)

__all__ = [
    "anchors_and_merge_keys",
    "comments_only",
    "crlf",
    "dotenv_becomes_yaml",
    "json_becomes_yaml",
    "keys_in_another_order",
    "one_file_changes_format",
    "quoted_differently",
    "quoted_differently_in_yaml",
    "reformatted",
    "reformatted_json",
]

ENV = "config/{}.env"
YAML = "config/{}.yaml"
CONTENT = dotenv(TIMEOUT_SECONDS=30, RETRIES=3, MAIL_SENDER="parcels")
BLOCK = "queue:\n  retries: 3\n  topics:\n    - orders\n    - returns\nmail:\n  sender: parcels\n"


def reformatted(path: Path) -> DriftStory:
    """Block style becomes flow style in prod."""
    told = Telling(path, each(YAML, BLOCK))
    flow = '{queue: {retries: 3, topics: [orders, "returns"]}, mail: {sender: parcels}}\n'
    told.change("reformat", {YAML.format(PROD): "---\n" + flow})
    return told.end()


def reformatted_json(path: Path) -> DriftStory:
    """JSON is laid out over lines in prod and packed in one elsewhere."""
    value = {"queue": {"retries": 3, "topics": ["orders", "returns"]}, "mail": {"on": True}}
    told = Telling(path, each("config/{}.json", json.dumps(value)))
    told.change("reformat", {"config/prod.json": json.dumps(value, indent=4) + "\n"})
    return told.end()


def keys_in_another_order(path: Path) -> DriftStory:
    """Prod's settings are sorted."""
    told = Telling(path, each(ENV, CONTENT))
    lines = "".join(sorted(CONTENT.splitlines(keepends=True)))
    told.change("sort", {ENV.format(PROD): lines})
    return told.end()


def quoted_differently(path: Path) -> DriftStory:
    """Double quotes, single quotes, none, and `export` say the same in an environment file."""
    told = Telling(path, each(ENV, CONTENT))
    told.change(
        "quote", {ENV.format(PROD): CONTENT.replace("=30", '="30"').replace("=3\n", "='3'\n")}
    )
    told.change("export", {ENV.format("staging"): CONTENT.replace("RETRIES", "export RETRIES")})
    return told.end()


def quoted_differently_in_yaml(path: Path) -> DriftStory:
    """A text stays a text, however it is quoted or folded."""
    told = Telling(path, each(YAML, "mail:\n  sender: parcels\n  footer: Sent by Acme\n"))
    told.change(
        "quote",
        {
            YAML.format("staging"): "mail:\n  sender: 'parcels'\n  footer: \"Sent by\\x20Acme\"\n",
            YAML.format(PROD): 'mail:\n  sender: "parcels"\n  footer: >-\n    Sent by\n    Acme\n',
        },
    )
    return told.end()


def comments_only(path: Path) -> DriftStory:
    """Comments and blank lines come and go, some with settings in them."""
    told = Telling(path, each(ENV, CONTENT))
    told.change("comment", {ENV.format(PROD): f"# What prod needs\n#QUEUE_DEPTH=40\n\n{CONTENT}\n"})
    return told.end()


def anchors_and_merge_keys(path: Path) -> DriftStory:
    """Prod writes once what the others write twice."""
    plain = (
        "web:\n  timeout: 30\n  retries: 3\n  path: /\n"
        "worker:\n  timeout: 30\n  retries: 5\n  path: /jobs\n"
    )
    told = Telling(path, each(YAML, plain))
    merged = (
        "web: &web\n  timeout: &long 30\n  retries: 3\n  path: /\n"
        "worker:\n  <<: *web\n  retries: 5\n  path: /jobs\n"
    )
    told.change("merge keys", {YAML.format(PROD): merged})
    told.change(
        "alias", {YAML.format("staging"): merged.replace("  <<: *web\n", "  timeout: *long\n")}
    )
    return told.end()


def crlf(path: Path) -> DriftStory:
    """Prod's files get Windows line ends, and a byte order mark."""
    told = Telling(path, {**each(ENV, CONTENT), **each(YAML, BLOCK)})
    told.change(
        "line ends",
        {
            ENV.format(PROD): CONTENT.replace("\n", "\r\n"),
            YAML.format(PROD): "\ufeff" + BLOCK.replace("\n", "\r\n"),
        },
    )
    return told.end()


def json_becomes_yaml(path: Path) -> DriftStory:
    """`prod.json` becomes `prod.yaml`; the others stay JSON for a week."""
    value = {
        "queue": {"retries": 3, "topics": ["orders", "returns"]},
        "mail": {"sender": "parcels"},
    }
    told = Telling(path, each("config/{}.json", json.dumps(value, indent=2)))
    told.change("prod", {"config/prod.json": None, "config/prod.yaml": BLOCK})
    told.change(
        "others",
        {
            **{f"config/{name}.json": None for name in ("dev", "staging")},
            **{f"config/{name}.yaml": BLOCK for name in ("dev", "staging")},
        },
        days=7,
    )
    return told.end()


def dotenv_becomes_yaml(path: Path) -> DriftStory:
    """All environments go from text to typed settings at once: no type differs anywhere."""
    told = Telling(path, each(ENV, CONTENT))
    typed = "TIMEOUT_SECONDS: 30\nRETRIES: 3\nMAIL_SENDER: parcels\n"
    told.change("convert", {**{ENV.format(name): None for name in THREE}, **each(YAML, typed)})
    return told.end()


def one_file_changes_format(path: Path) -> DriftStory:
    """Only prod goes from text to typed settings: 30 in one is 30 in the other."""
    told = Telling(path, each(ENV, CONTENT))
    typed = "TIMEOUT_SECONDS: 30\nRETRIES: 3\nMAIL_SENDER: parcels\n"
    told.change("convert", {ENV.format(PROD): None, YAML.format(PROD): typed})
    return told.end()
