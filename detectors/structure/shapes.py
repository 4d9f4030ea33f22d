"""What the parts of a token say where its format is a prefix and parts in plain sight.

A shape is an expression over the whole token, and what it means when it fits. Its named groups are
public ids; their names, with spaces, are the names of the facts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from detectors.structure.seen import Facts, Structure, Token

__all__ = ["SHAPES", "Shape", "shape", "told"]


class Shape(NamedTuple):
    """One form of a provider's tokens."""

    expression: bytes
    facts: Facts = ()


def _kind(kind: str, mode: str = "") -> Facts:
    return (("kind", kind), *((("mode", mode),) if mode else ()))


_LIVE, _TEST = "live", "test"
_UUID = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

SHAPES: Mapping[str, tuple[Shape, ...]] = {
    # https://docs.slack.dev/authentication/tokens, and for ids https://docs.slack.dev/reference
    "slack": (
        Shape(rb"xoxb-(?P<team_number>\d{8,13})-(?P<bot_user_number>\d{8,13})-\w+",
              _kind("bot token")),
        Shape(rb"xoxp-(?P<team_number>\d{8,13})-(?P<user_number>\d{8,13})-\d{8,13}-\w+",
              _kind("user token")),
        Shape(rb"xox[ao]-(?:2-)?(?P<team_number>\d{8,13})-.+", _kind("workspace token")),
        Shape(rb"xoxs-(?P<team_number>\d{8,13})-.+", _kind("session token")),
        Shape(rb"xapp-\d-(?P<app_id>A[A-Z0-9]{8,12})-\d+-\w+", _kind("app-level token")),
        Shape(rb"(?P<team_id>T[A-Z0-9]{6,12})/(?P<webhook_id>[A-Z0-9]{6,14})/[A-Za-z0-9/]+",
              _kind("incoming webhook")),
        Shape(rb"xoxe\.xox[bp]-.+", _kind("rotating access token")),
        Shape(rb"xoxe-.+", _kind("refresh token")),
        Shape(rb"xoxc-(?P<team_number>\d{8,13})-.+", _kind("browser token")),
        Shape(rb"xoxd-.+", _kind("browser cookie")),
    ),
    # https://docs.stripe.com/keys
    "stripe": (
        Shape(rb"sk_live_.+", _kind("secret key", _LIVE)),
        Shape(rb"sk_test_.+", _kind("secret key", _TEST)),
        Shape(rb"rk_live_.+", _kind("restricted key", _LIVE)),
        Shape(rb"rk_test_.+", _kind("restricted key", _TEST)),
        Shape(rb"whsec_.+", _kind("webhook signing secret")),
    ),
    # https://cloud.google.com/docs/authentication, https://developers.google.com/identity/protocols/oauth2
    "google": (
        Shape(rb"AIza.+", _kind("API key")),
        Shape(rb"ya29\..+", _kind("access token, good for an hour")),
        Shape(rb"1//.+", _kind("refresh token")),
        Shape(rb"GOCSPX-.+", _kind("OAuth client secret")),
    ),
    # https://www.twilio.com/docs/glossary/what-is-a-sid
    "twilio": (
        Shape(rb"AC[0-9a-f]{32}", _kind("account id")),
        Shape(rb"SK[0-9a-f]{32}", _kind("API key id")),
    ),
    # https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys
    "sendgrid": (Shape(rb"SG\.(?P<key_id>[\w-]{22})\.[\w-]{43}", _kind("API key")),),
    # https://mailchimp.com/developer/marketing/docs/fundamentals/
    "mailchimp": (Shape(rb"[0-9a-f]{32}-(?P<data_center>us\d{1,2})", _kind("API key")),),
    # https://core.telegram.org/bots/features#botfather
    "telegram": (Shape(rb"(?P<bot_id>\d{8,10}):AA[\w-]{33}", _kind("bot token")),),
    # https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens
    "shopify": (
        Shape(rb"shpat_.+", _kind("admin API access token")),
        Shape(rb"shpca_.+", _kind("custom app access token")),
        Shape(rb"shppa_.+", _kind("private app password")),
        Shape(rb"shpss_.+", _kind("shared secret")),
        Shape(rb"shpua_.+", _kind("user access token")),
        Shape(rb"shprt_.+", _kind("refresh token")),
    ),
    # https://developer.squareup.com/docs/build-basics/access-tokens
    "square": (
        Shape(rb"sq0atp-.+", _kind("personal access token")),
        Shape(rb"sq0csp-.+", _kind("application secret")),
        Shape(rb"EAAA.+", _kind("access token")),
        Shape(rb"sandbox-sq0csb-.+", _kind("application secret", _TEST)),
    ),
    # https://developer.paypal.com/braintree/docs/guides/extend/oauth/access-tokens
    "braintree": (
        Shape(rb"access_token\$production\$(?P<merchant_id>[a-z0-9]{16})\$[0-9a-f]+",
              _kind("access token", _LIVE)),
        Shape(rb"access_token\$sandbox\$(?P<merchant_id>[a-z0-9]{16})\$[0-9a-f]+",
              _kind("access token", _TEST)),
    ),
    # https://platform.openai.com/docs/api-reference/authentication
    "openai": (
        Shape(rb"sk-proj-[\w-]*T3BlbkFJ[\w-]*", _kind("project key")),
        Shape(rb"sk-svcacct-[\w-]*T3BlbkFJ[\w-]*", _kind("service account key")),
        Shape(rb"sk-admin-[\w-]*T3BlbkFJ[\w-]*", _kind("admin key")),
        Shape(rb"sk-None-[\w-]*T3BlbkFJ[\w-]*", _kind("user key")),
        Shape(rb"sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}", _kind("user key, of the older form")),
        Shape(rb"sess-.+", _kind("session key")),
    ),
    # https://docs.anthropic.com/en/api/admin-api/apikeys/get-api-key
    "anthropic": (
        Shape(rb"sk-ant-api\d\d-.+", _kind("API key")),
        Shape(rb"sk-ant-admin\d\d-.+", _kind("admin key")),
        Shape(rb"sk-ant-oat\d\d-.+", _kind("OAuth access token")),
        Shape(rb"sk-ant-ort\d\d-.+", _kind("OAuth refresh token")),
    ),
    # https://huggingface.co/docs/hub/security-tokens
    "huggingface": (
        Shape(rb"hf_.+", _kind("user access token")),
        Shape(rb"api_org_.+", _kind("organization token")),
    ),
    # https://docs.digitalocean.com/reference/api/oauth/
    "digitalocean": (
        Shape(rb"dop_v1_.+", _kind("personal access token")),
        Shape(rb"doo_v1_.+", _kind("OAuth access token")),
        Shape(rb"dor_v1_.+", _kind("OAuth refresh token")),
    ),
    # https://docs.doppler.com/reference/auth-token-formats
    "doppler": (
        Shape(rb"dp\.pt\..+", _kind("personal token")),
        Shape(rb"dp\.st\.(?P<config>[a-z0-9_-]{2,35})\.\w+", _kind("service token")),
        Shape(rb"dp\.st\..+", _kind("service token")),
        Shape(rb"dp\.sa\..+", _kind("service account token")),
        Shape(rb"dp\.ct\..+", _kind("command line token")),
        Shape(rb"dp\.scim\..+", _kind("SCIM token")),
        Shape(rb"dp\.audit\..+", _kind("audit token")),
    ),
    # https://developer.hashicorp.com/vault/docs/concepts/tokens#token-prefixes
    "vault": (
        Shape(rb"hvs\..+", _kind("service token")),
        Shape(rb"hvb\..+", _kind("batch token")),
        Shape(rb"hvr\..+", _kind("recovery token")),
    ),
    # https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens
    "terraform": (
        Shape(rb"(?P<token_id>[A-Za-z0-9]{14})\.atlasv1\..+", _kind("API token")),
    ),
    # https://tailscale.com/kb/1277/key-prefixes
    "tailscale": (
        Shape(rb"tskey-auth-(?P<key_id>\w+)-\w+", _kind("key to add devices")),
        Shape(rb"tskey-api-(?P<key_id>\w+)-\w+", _kind("API access token")),
        Shape(rb"tskey-client-(?P<key_id>\w+)-\w+", _kind("OAuth client secret")),
        Shape(rb"tskey-scim-(?P<key_id>\w+)-\w+", _kind("SCIM key")),
        Shape(rb"tskey-webhook-(?P<key_id>\w+)-\w+", _kind("webhook secret")),
    ),
    # https://learning.postman.com/docs/developer/postman-api/authentication/
    "postman": (Shape(rb"PMAK-(?P<key_id>[0-9a-f]{24})-[0-9a-f]{34}", _kind("API key")),),
    # https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
    "github-app": (
        Shape(rb"ghs_(?P<app_id>\d{1,12})_eyJ.+", _kind("installation token")),
    ),
    # https://developers.notion.com/docs/authorization
    "notion": (Shape(rb"ntn_(?P<token_number>\d{11})\w+", _kind("integration token")),),
    # https://plaid.com/docs/api/tokens/
    "plaid": (
        Shape(rb"access-production-.+", _kind("access token", _LIVE)),
        Shape(rb"access-development-.+", _kind("access token", "development")),
        Shape(rb"access-sandbox-.+", _kind("access token", _TEST)),
    ),
    # https://www.mercadopago.com/developers/en/docs/your-integrations/credentials
    "mercadopago": (
        Shape(rb"APP_USR-(?P<application>\d{13,19})-\d{6}-[0-9a-f]{32}-(?P<user>\d{6,12})",
              _kind("access token", _LIVE)),
        Shape(rb"TEST-(?P<application>\d{13,19})-\d{6}-[0-9a-f]{32}-(?P<user>\d{6,12})",
              _kind("access token", _TEST)),
    ),
    # https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens
    "dynatrace": (
        Shape(rb"dt0[a-z]\d\d\.(?P<token_id>[A-Z0-9]{8,24})\.[A-Z0-9]{64}", _kind("API token")),
    ),
    # https://developers.hubspot.com/docs/apps/legacy-apps/private-apps/overview
    "hubspot": (
        Shape(rb"pat-(?P<data_center>na|eu|ap)\d-" + _UUID, _kind("private app token")),
    ),
    # https://help.salesforce.com/s/articleView?id=000385215
    "salesforce": (
        Shape(rb"(?P<organization_id>00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?)!.+",
              _kind("session id")),
    ),
    # https://docs.docker.com/security/access-tokens/
    "docker": (
        Shape(rb"dckr_pat_.+", _kind("personal access token")),
        Shape(rb"dckr_oat_.+", _kind("organization access token")),
    ),
    # https://docs.sonarsource.com/sonarqube-server/user-guide/managing-tokens/
    "sonar": (
        Shape(rb"squ_.+", _kind("user token")),
        Shape(rb"sqp_.+", _kind("project analysis token")),
        Shape(rb"sqa_.+", _kind("global analysis token")),
    ),
    # https://supabase.com/docs/guides/api/api-keys
    "supabase": (
        Shape(rb"sbp_.+", _kind("personal access token")),
        Shape(rb"sb_secret_.+", _kind("secret key of a project")),
    ),
    # https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
    "teams-webhook": (
        Shape(rb"[0-9a-f-]{36}@(?P<tenant_id>" + _UUID + rb")/IncomingWebhook/.+",
              _kind("incoming webhook")),
    ),
    # https://razorpay.com/docs/payments/dashboard/account-settings/api-keys/
    "razorpay": (
        Shape(rb"rzp_live_\w+", _kind("API key id", _LIVE)),
        Shape(rb"rzp_test_\w+", _kind("API key id", _TEST)),
    ),
}  # fmt: skip
"""By the name that rules use."""


@cache
def _compiled(name: str) -> tuple[tuple[re.Pattern[bytes], Facts], ...]:
    return tuple((re.compile(each.expression), each.facts) for each in SHAPES[name])


def told(name: str) -> str:
    """The kinds that the shapes of that name tell, in a few words."""
    kinds = dict.fromkeys(value for each in SHAPES[name] for fact, value in each.facts
                          if fact == "kind")  # fmt: skip
    groups = (group for each in SHAPES[name] for group in re.compile(each.expression).groupindex)
    ids = dict.fromkeys(group.replace("_", " ") for group in groups)
    return f"Kind: {', '.join(kinds)}." + (f" Ids: {', '.join(ids)}." if ids else "")


def shape(name: str, token: Token) -> Structure:
    """What the first shape of that name that fits says; nothing where none does."""
    value = token.value[:2048]
    for expression, facts in _compiled(name):
        if match := expression.fullmatch(value):
            ids = tuple(
                (group.replace("_", " "), found.decode("latin-1"))
                for group, found in match.groupdict().items()
                if found
            )
            return Structure(None, facts, ids)
    return Structure()
