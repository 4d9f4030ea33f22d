"""Tokens that are JSON in base64, or hold some, and say whose they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from detectors.structure.jwt import described, json_object
from detectors.structure.seen import Structure, Token, iso

__all__ = ["payload", "told"]

_FIELDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    # https://github.com/getsentry/rfcs/blob/main/text/0091-ci-upload-tokens.md
    "sentry": (("org", "organization"), ("url", "server"), ("region_url", "region"),
               ("iat", "issued")),
    # https://grafana.com/docs/grafana-cloud/security-and-account-management/authentication-and-permissions/access-policies/
    "grafana-cloud": (("o", "organization id"), ("n", "name"), ("m.r", "region")),
    # https://github.com/grafana/grafana/blob/main/pkg/components/apikeygen/apikeygen.go
    "grafana-legacy": (("n", "name"), ("id", "organization id")),
    # https://github.com/cloudflare/cloudflared/blob/master/connection/connection.go (TunnelToken)
    "cloudflare-tunnel": (("a", "account"), ("t", "tunnel")),
    # https://docs.neptune.ai/api_token/
    "neptune": (("api_address", "server"), ("api_url", "server")),
    # https://developer.1password.com/docs/service-accounts/
    "onepassword": (("signInAddress", "server"), ("deviceUuid", "device")),
    # https://docs.mapbox.com/accounts/guides/tokens/
    "mapbox": (("u", "account"), ("a", "token id")),
    # https://www.tinybird.co/docs/concepts/auth-tokens
    "tinybird": (("host", "region"), ("id", "token id"), ("u", "workspace id")),
}  # fmt: skip
_JSON = re.compile(rb"(?:eyJ|eyI|eyA|ewo)[A-Za-z0-9+/_-]{6,}")


def _at(value: Mapping[str, Any], path: str) -> object:
    found: object = value
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def told(kind: str) -> str:
    """What the JSON of that kind tells, in a few words."""
    return f"JSON inside it: {', '.join(dict.fromkeys(name for _, name in _FIELDS[kind]))}."


def payload(kind: str, token: Token) -> Structure:
    """What the JSON in a token of that kind says; wrong if there is none where it belongs."""
    match = _JSON.search(token.value)
    text = match.group() if match else b""
    # Some are followed by `_` and a secret, where `_` may also be a digit of base 64.
    value = json_object(text) or json_object(text.partition(b"_")[0])
    if value is None:
        return Structure(False)
    facts = []
    for field, name in _FIELDS[kind]:
        found = _at(value, field)
        facts.append((name, (iso(found) or "") if field == "iat" else described(found)))
    return Structure(any(text for _, text in facts), tuple(facts))
