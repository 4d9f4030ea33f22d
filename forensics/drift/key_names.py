"""What the name of a key tells of its value."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

__all__ = ["last_name", "looks_secret", "meant_to_differ", "words_of"]

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[A-Za-z]+|\d+")
_VALUE_OF = re.compile(r"\[(?:name|id|key|secretKey)=\"?([^\]\"]+)\"?\]\.(?:value|valueFrom)$")
_NAME = re.compile(r"([^.\[\]\"#]+|\"[^\"]*\")(?:\[[^\]]*\])*(?:#\d+)?$")

_SECRET = frozenset({
    "password", "passwd", "pass", "passphrase", "pwd", "secret", "secrets", "token", "credential",
    "credentials", "creds", "apikey", "privatekey", "signature", "salt", "pepper", "pin", "dsn",
    "passcode",
})  # fmt: skip
_SECRET_PAIRS = frozenset(
    {
        ("api", "key"), ("private", "key"), ("access", "key"), ("account", "key"), ("auth", "key"),
        ("encryption", "key"), ("signing", "key"), ("master", "key"), ("license", "key"),
        ("secret", "key"), ("app", "key"), ("jwt", "key"), ("storage", "key"), ("session", "key"),
        ("connection", "string"), ("database", "url"), ("db", "url"), ("redis", "url"),
        ("mongo", "url"), ("mongodb", "uri"), ("amqp", "url"), ("broker", "url"),
        ("webhook", "url"),
    }
)  # fmt: skip
_NOT_SECRET = frozenset({
    "name", "names", "path", "file", "files", "id", "ids", "type", "ttl", "expiry", "expiration",
    "expires", "timeout", "length", "size", "count", "enabled", "disabled", "required", "url",
    "uri", "endpoint", "header", "prefix", "suffix", "policy", "min", "max", "issuer", "public",
    "rotation", "version", "algorithm", "field", "arn", "ref", "class", "cookie", "hash", "rounds",
    "limit", "lifetime", "age", "namespace", "region", "provider", "store", "manager",
})  # fmt: skip
"""What follows the word says something about a secret rather than being one."""

_FOR_BROWSERS = frozenset({
    ("next", "public"), ("react", "app"), ("vue", "app"), ("nuxt", "public"), ("expo", "public"),
})  # fmt: skip
"""How names begin whose values are sent to everyone."""

_HOSTS = "host|hostname|url|uri|domain|endpoint|address|addr|fqdn|origin|origins|server|servers"
_MEANT = (
    (
        "its value names a place, which each environment has of its own",
        re.compile(
            rf"(?i)\b(?:{_HOSTS}|ingress|dns|subnet|subnets|vpc|cidr|ip|ips|zone|zones|cluster"
            r"|namespace|bucket|queue|topic|arn|account|project|subscription|tenant|region|database"
            r"|dbname|schema|path|port|issuer|audience|realm|webhook|channel|certificate|cert|hosts"
            r"|urls|allowlist|whitelist|ranges|email|network|wallet|contract|chain)\b"
        ),
    ),
    (
        "environments are of different sizes",
        re.compile(
            r"(?i)\b(?:replica|replicas|replicacount|instances|workers|threads|concurrency|pool"
            r"|capacity|cpu|memory|mem|ram|storage|disk|size|limits|requests|autoscaling|hpa"
            r"|min|max|minimum|maximum|count|nodes|shards|retention|backup|schedule|cron|interval"
            r"|timeout|ttl|xmx|xms|heap|resources|quota|budget|rate|instance|sku|tier|plan|class)\b"
        ),
    ),
    (
        "it says which environment it is",
        re.compile(
            r"(?i)\b(?:env|environment|stage|profile|profiles|node env|rails env|rack env|mode"
            r"|deployment env|app env|active|label|labels|tag|tags|suffix|prefix|name|title)\b"
        ),
    ),
    (
        "environments tell and trace as much as they need",
        re.compile(
            r"(?i)\b(?:log|logs|logging|loglevel|level|verbose|debug|trace|tracing|sample|sampling"
            r"|sentry|monitoring|alert|alerts|alerting|metrics|severity|receiver|profiler)\b"
        ),
    ),
)  # fmt: skip


@lru_cache(maxsize=65_536)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case: `dbPassword` and `DB_PASSWORD` alike."""
    return tuple(word.lower() for word in _WORD.findall(_CAMEL.sub(" ", name)))


@lru_cache(maxsize=65_536)
def last_name(key: str) -> str:
    """The name at the end of a key; of `env[name=DB_HOST].value`, what identifies the item."""
    item = _VALUE_OF.search(key)
    if item:
        return item[1]
    found = _NAME.search(key)
    return found[1].strip('"') if found else key


@lru_cache(maxsize=65_536)
def looks_secret(key: str) -> bool:
    """Whether what stands under this key is most likely a secret."""
    words = words_of(last_name(key))
    if not words or words[:2] in _FOR_BROWSERS or words[0] == "vite":
        return False
    if words[-1] in _NOT_SECRET and words[-2:] not in _SECRET_PAIRS:
        return False
    joined = "".join(words[-2:])
    pairs = pairwise(words)
    return (
        any(word in _SECRET for word in words)
        or joined in _SECRET
        or any(pair in _SECRET_PAIRS for pair in pairs)
    )


@lru_cache(maxsize=65_536)
def meant_to_differ(key: str) -> str:
    """Why values under such a key differ between environments as they should; else empty."""
    text = " ".join(words_of(last_name(key)))
    return next((why for why, pattern in _MEANT if pattern.search(text)), "")
