"""The names that rules use for inspectors, apart from them, so that rules load without them."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CHECKSUMS", "HOMES", "TABLES"]

HOMES: Mapping[str, str] = {
    "crc32-base62": "crc:crc32_base62",
    "crc32-hex": "crc:crc32_hex",
    "grafana-crc32": "crc:grafana",
    "gitlab": "crc:gitlab",
    "aws-access-key-id": "aws:access_key_id",
    "azure-key": "azure:key",
    "azure-client-secret": "azure:client_secret",
    "azure-common-key": "azure:common_key",
    "connection-string": "surroundings:connection_string",
    "shared-access-signature": "surroundings:shared_access_signature",
    "jdbc-password": "surroundings:jdbc_password",
    "url-password": "surroundings:url_password",
    "discord-bot": "discord:bot_token",
    "discord-webhook": "discord:webhook",
    "jwt": "jwt:jwt",
    "pypi": "macaroon:pypi",
    "bech32": "encodings:bech32",
    "bitcoin-wif": "encodings:wif",
    "extended-key": "encodings:extended_key",
    "stellar": "encodings:stellar",
    "pem": "private_key:pem",
    "pgp": "private_key:pgp",
    "putty": "putty:putty",
    "gcp-service-account": "private_key:service_account",
}
"""`module:function` in this package, of those with a function of their own."""

TABLES: Mapping[str, tuple[str, ...]] = {
    "shapes:shape": (
        "anthropic", "braintree", "digitalocean", "docker", "doppler", "dynatrace", "github-app",
        "google", "hubspot", "huggingface", "mailchimp", "mercadopago", "notion", "openai",
        "plaid", "postman", "razorpay", "salesforce", "sendgrid", "shopify", "slack", "sonar",
        "square", "stripe", "supabase", "tailscale", "teams-webhook", "telegram", "terraform",
        "twilio", "vault",
    ),
    "payload:payload": (
        "cloudflare-tunnel", "grafana-cloud", "grafana-legacy", "mapbox", "neptune",
        "onepassword", "sentry", "tinybird",
    ),
}  # fmt: skip
"""By `module:function`, the names of the tables that it reads from."""

CHECKSUMS = frozenset({
    "azure-client-secret", "azure-key", "bech32", "bitcoin-wif", "connection-string",
    "crc32-base62", "crc32-hex", "extended-key", "gitlab", "grafana-crc32", "stellar",
})  # fmt: skip
"""Those whose test is a checksum inside the token, and not only its form."""
