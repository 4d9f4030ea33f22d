"""Acme's working copy: files edited as text, environments edited as settings."""

from __future__ import annotations

from fixtures_repos.builder import ADA, Builder

__all__ = ["Company"]

_ENVIRONMENTS = ("dev", "staging", "prod")


class Company:
    """A builder that knows the text of its files and the settings of three environments."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self._text: dict[str, str] = {}
        self._settings: dict[str, dict[str, str]] = {name: {} for name in _ENVIRONMENTS}
        self._values: dict[str, dict[str, object]] = {name: {} for name in _ENVIRONMENTS}

    def commit(self, message: str, author: bytes = ADA, *, days: float = 6) -> str:
        """Let days pass, then commit; returns the commit's id."""
        self.builder.wait(days=days)
        return self.builder.commit(message, author=author)

    def put(self, path: str, text: str) -> None:
        """Write a file anew."""
        self._text[path] = text
        self.builder.write(path, text, "100755" if path.endswith(".sh") else "100644")

    def add(self, path: str, text: str) -> None:
        """Write more at the end of a file, which need not exist."""
        self.put(path, (self._text.get(path, "") + text).lstrip("\n"))

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a passage that must be there."""
        if old not in self._text[path]:
            raise ValueError(f"{path} does not say {old!r}")
        self.put(path, self._text[path].replace(old, new, 1))

    def delete(self, path: str) -> None:
        """Take a file away."""
        del self._text[path]
        self.builder.delete(path)

    def configure(self, *environments: str, **settings: str | None) -> None:
        """Set variables in `.env.NAME` of these environments, or remove those that are None."""
        for name in environments:
            merged = {**self._settings[name], **settings}
            self._settings[name] = {key: text for key, text in merged.items() if text is not None}
            lines = (f"{key}={text}\n" for key, text in self._settings[name].items())
            self.put(f".env.{name}", "".join(lines))

    def values(self, *environments: str, **values: object) -> None:
        """Set keys in `helm/values-NAME.yaml`; an underscore pair in a key is a level."""
        for name in environments:
            self._values[name].update(values)
            nested: dict[str, dict[str, object]] = {}
            for key, setting in self._values[name].items():
                section, _, inner = key.partition("__")
                nested.setdefault(section, {})[inner] = setting
            text = ""
            for section, inside in nested.items():
                text += f"{section}:\n"
                text += "".join(f"  {inner}: {_yaml(told)}\n" for inner, told in inside.items())
            self.put(f"helm/values-{name}.yaml", text)

    def on_branch(self, name: str) -> None:
        """Start a branch here."""
        self.builder.branch(name)

    def merge(self, name: str, author: bytes = ADA, *, days: float = 1) -> str:
        """Go back to main, merge the branch and delete it; returns the merge's id."""
        # The text of the branch is the text of the merge: nobody else worked meanwhile.
        self.builder.wait(days=days)
        self.builder.checkout("main")
        merged = self.builder.merge(name, author=author)
        self.builder.drop_branch(name)
        return merged


def _yaml(told: object) -> str:
    return str(told).lower() if isinstance(told, bool) else str(told)
