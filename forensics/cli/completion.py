"""`forensics completion`, and what answers a shell that completes a command line.

The shell asks by running `forensics` with `_FORENSICS_COMPLETE` set; click reads the words so far
and finds what could come next. Its scripts are used but for bash, where its own takes no
`--option=value` apart and puts a space after `sarif=`.
"""

from __future__ import annotations

from collections.abc import Sequence

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    get_completion_class,
)

__all__ = ["command"]

_OURS = "_FORENSICS_COMPLETE"
_BASH = """\
%(complete_func)s() {
    local type value
    COMPREPLY=()
    while IFS=, read -r type value; do
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain)
                COMPREPLY+=("$value")
                [[ $value == *= ]] && compopt -o nospace
                ;;
        esac
    done < <(IFS=$'\\n'; env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD="$COMP_CWORD" \\
        %(complete_var)s=bash_complete "$1" 2>/dev/null)
}

complete -o nosort -F %(complete_func)s %(prog_name)s git-forensics
"""
_ALSO = {
    "bash": "",
    "zsh": "\ncompdef %(complete_func)s git-forensics\n",
    "fish": '\ncomplete --no-files --command git-forensics --arguments "(%(complete_func)s)"\n',
}
"""What makes the other name of the program complete too."""


class _Joined(ShellComplete):
    """Answers to `--option=va` with the whole word, which is what the shell replaces."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        found = super().get_completions(args, incomplete)
        option, equals, _ = incomplete.partition("=")
        if equals and option.startswith("--"):
            for item in found:
                if item.type == "plain":
                    item.value = f"{option}={item.value}"
        return found


@add_completion_class
class _Bash(_Joined, BashComplete):
    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before, and the one that is to be completed. Bash hands over `--option=value`
        as three."""
        words, incomplete = super().get_completion_args()
        if words and words[-1] == "=":
            words.pop()
        joined: list[str] = []
        for word in words:
            if joined and (word == "=" or joined[-1].endswith("=")):
                joined[-1] += word
            else:
                joined.append(word)
        return joined, incomplete

    def source(self) -> str:
        # click would first run bash to ask for its version.
        return ShellComplete.source(self)


@add_completion_class
class _Zsh(_Joined, ZshComplete):
    pass


@add_completion_class
class _Fish(_Joined, FishComplete):
    pass


_SHELLS: Sequence[str] = tuple(_ALSO)


@click.command("completion")
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that makes a shell complete commands, options, formats, rule ids and files.

    \b
    bash   forensics completion bash > ~/.local/share/bash-completion/completions/forensics
    zsh    forensics completion zsh > "${fpath[1]}/_forensics"
    fish   forensics completion fish > ~/.config/fish/completions/forensics.fish

    The first needs the package bash-completion; without it, put this into ~/.bashrc:

    \b
    source <(forensics completion bash)

    Bash has to be 4.4 or newer. Shells opened from then on complete.
    """
    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(ctx.find_root().command, {}, "forensics", _OURS)
    click.echo(script.source() + _ALSO[shell] % script.source_vars(), nl=False)
