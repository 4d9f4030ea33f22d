"""Which kind of file a path and a content are."""

from __future__ import annotations

import re

__all__ = ["kind_of"]

_TEMPLATE = re.compile(
    r"\.(?:j2|jinja2?|tpl|tmpl|template|erb|gotmpl|example|sample|dist|default|bak|orig|old|in)$"
)
_EXTENSIONS = {
    "yaml": "yml yaml eyaml sls",
    "json": "json jsonc json5 tfstate ipynb webmanifest arb har",
    "toml": "toml",
    "ini": "ini cfg cnf inf desktop service timer socket mount reg editorconfig rdp ovpn pypirc",
    "properties": "properties props",
    "conf": "conf",
    "xml": "xml config csproj vbproj fsproj pom plist settings xaml resx nuspec xsd wsdl jelly",
    "hcl": "tf tfvars hcl nomad",
    "dockerfile": "dockerfile containerfile",
    "shell": "sh bash zsh ksh fish bat cmd mk profile bashrc zshrc",
    "code": "py pyi js mjs cjs jsx ts tsx mts cts java kt kts scala groovy gradle go rs rb rake php"
    " phtml c h cc cpp cxx hpp hh m mm cs fs vb swift dart lua pl pm r jl ex exs erl clj hs ml sql"
    " ps1 psm1 vue svelte coffee tcl nim zig sol cr d pas proto",
}  # fmt: skip
_BY_EXTENSION = {each: kind for kind, names in _EXTENSIONS.items() for each in names.split()}
_NAMES = {
    ".envrc": "shell", ".flaskenv": "dotenv", "dotenv": "dotenv",
    ".netrc": "netrc", "_netrc": "netrc", "netrc": "netrc",
    ".pgpass": "postgres", "pgpass": "postgres", "pgpass.conf": "postgres",
    ".npmrc": "properties", "npmrc": "properties", ".pypirc": "ini", ".gitconfig": "ini",
    "pip.conf": "ini", ".my.cnf": "ini", ".s3cfg": "ini", ".boto": "ini", "credentials": "ini",
    "kubeconfig": "yaml", ".yarnrc.yml": "yaml", "composer.lock": "json", "pipfile": "toml",
    "poetry.lock": "toml", "cargo.lock": "toml", ".dockercfg": "json", ".dockerconfigjson": "json",
    "procfile": "procfile", "makefile": "shell", "gnumakefile": "shell", "justfile": "shell",
    ".bashrc": "shell", ".zshrc": "shell", ".profile": "shell", ".bash_profile": "shell",
    "jenkinsfile": "code", "vagrantfile": "code", "rakefile": "code", "gemfile": "code",
    "fastfile": "code", "podfile": "code",
}  # fmt: skip
_KEY_FILE = re.compile(
    r"id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|.*\.(?:pem|ppk|p8|p12|pfx|jks|keystore|asc|gpg|pgp|age|der)"
)
_ENCRYPTED = (
    b"$ANSIBLE_VAULT;",
    b"-----BEGIN PGP MESSAGE",
    b"-----BEGIN AGE ENCRYPTED",
    b"age-encryption.org/",
    b"\0GITCRYPT",
)
_ARMOUR = re.compile(rb"\s*+-----BEGIN [A-Z0-9 ]{3,40}-----")


def kind_of(path: bytes, content: bytes) -> str:
    """How the file reads: a key of `forensics.config.read.READERS`, `key` or `text`.

    The name decides; where it tells nothing, the beginning of the content.
    """
    head = content[:512]
    if head.startswith(_ENCRYPTED):
        return "key"
    name = path.rpartition(b"/")[2].decode("latin-1").lower()
    plain = _TEMPLATE.sub("", name)
    if _KEY_FILE.fullmatch(plain):
        return "key"
    extension = plain.rpartition(".")[2] if "." in plain else ""
    kind = _NAMES.get(name) or _NAMES.get(plain) or _by_shape(plain, extension)
    kind = kind or _BY_EXTENSION.get(extension) or _by_content(head, bool(extension))
    if kind == "text" and _ARMOUR.match(head):
        return "key"
    return kind


def _by_shape(name: str, extension: str) -> str:
    if name in (".env", "env") or name.endswith(".env"):
        return "dotenv"
    if name.startswith((".env.", "env.")) and extension not in _BY_EXTENSION:
        return "dotenv"
    if name.startswith("procfile."):
        return "procfile"
    if name.startswith(("dockerfile", "containerfile")):
        return "dockerfile"
    return ""


def _by_content(head: bytes, extension: bool) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"#!"):
        line = start.partition(b"\n")[0]
        return "shell" if re.search(rb"(?:ba|z|k|da|fi)?sh\b", line) else "code"
    if start.startswith(b"<?xml"):
        return "xml"
    if extension:
        return "text"
    if start.startswith(b"{"):
        return "json"
    if re.match(rb"\[[^\[\]\n,\"']+\][ \t]*\r?\n", start):
        return "ini"
    if start.startswith((b"---\n", b"apiVersion:")):
        return "yaml"
    return "text"
