"""Which language a file is, by its path, and whether it is test code."""

from __future__ import annotations

import re

__all__ = ["is_test", "language_of"]

_EXTENSIONS = {
    "python": "py pyi pyw",
    "javascript": "js mjs cjs jsx",
    "typescript": "ts mts cts",
    "tsx": "tsx",
    "component": "vue svelte astro",
    "go": "go",
    "ruby": "rb rake ru gemspec",
    "java": "java",
    "kotlin": "kt kts",
    "php": "php phtml",
    "csharp": "cs csx",
    "rust": "rs",
    "shell": "sh bash",
    "makefile": "mk",
}
_BY_EXTENSION = {one: language for language, all_ in _EXTENSIONS.items() for one in all_.split()}
_NAMES = {
    b"rakefile": "ruby", b"gemfile": "ruby", b"config.ru": "ruby", b"makefile": "makefile",
    b"gnumakefile": "makefile", b"guardfile": "ruby", b"capfile": "ruby",
}  # fmt: skip
_DOCKERFILE = re.compile(rb"(?:docker|container)file(?:[.-].*)?|.*\.(?:docker|container)file")
_COMPOSE = re.compile(rb"(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml|(?:.*[.-])?compose\.ya?ml")
_SPRING = re.compile(rb"(?:application|bootstrap)(?:-[\w-]+)?\.(?:ya?ml|properties)")
_TEST = re.compile(
    r"(?:^|/)(?:tests?|__tests__|__mocks__|specs?|testing|testdata|test[-_]utils?|e2e|fixtures?"
    r"|cypress|playwright|features|[\w-]+[-_]tests?|tests?[-_][\w-]+|mocks?)/"
    r"|(?:^|/)(?:test_[^/]*|conftest)\.py$|[._-](?:test|spec|cy|e2e|stories|mock)\.[a-z]+$"
    r"|_test\.(?:go|py|rb|sh|exs?)$|_spec\.rb$|(?:Tests?|IT|Spec)\.(?:java|kt|cs|php|groovy)$"
    r"|(?:^|/)(?:jest|vitest|playwright|cypress|karma)(?:[.-][\w.-]+)?\.[cm]?[jt]s$"
    r"|(?:^|/)src/(?:test|androidTest|integrationTest|testFixtures)\w*/|\.Tests?/",
    re.IGNORECASE,
)


def language_of(path: bytes) -> str:
    """The language whose reads are known; empty for others."""
    name = path.rpartition(b"/")[2].lower()
    if name in _NAMES:
        return _NAMES[name]
    if _DOCKERFILE.fullmatch(name):
        return "dockerfile"
    if name.endswith((b".yml", b".yaml", b".properties")):
        if _COMPOSE.fullmatch(name):
            return "compose"
        return "spring" if _SPRING.fullmatch(name) else ""
    if name.endswith((b".d.ts", b".min.js")):
        return ""
    return _BY_EXTENSION.get(name.rpartition(b".")[2].decode("latin-1"), "") if b"." in name else ""


def is_test(path: bytes) -> bool:
    """Whether the path is one where tests live."""
    return _TEST.search(path.decode(errors="replace")) is not None
