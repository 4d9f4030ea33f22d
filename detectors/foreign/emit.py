"""Trees of expressions written out for `re`, `regex` and Hyperscan, and measured."""

from __future__ import annotations

from detectors.foreign.tree import ALL, Bytes, Edge, Node, Repeat, Sequence

__all__ = ["counted", "emit", "width"]

_SHOWN_IN_CLASS = frozenset(b"!\"#%'()*+,./:;<=>?@_`{}$ ") | frozenset(
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)
_SHOWN_ALONE = _SHOWN_IN_CLASS - frozenset(b"()*+.?{}$# ") | frozenset(b"-&~")


def _byte(number: int, plain: frozenset[int]) -> str:
    if number in plain:
        return chr(number)
    if 33 <= number < 127:
        return "\\" + chr(number)
    return f"\\x{number:02x}"


def _members(mask: int) -> list[int]:
    return [number for number in range(256) if mask >> number & 1]


def _class(mask: int) -> str:
    members = _members(mask)
    if mask == ALL:
        return r"[\x00-\xff]"
    if mask == ALL ^ 1 << 10:
        return "."
    if len(members) == 1:
        return _byte(members[0], _SHOWN_ALONE)
    negated = len(members) > 128
    if negated:
        members = _members(ALL ^ mask)
    return f"[{'^' if negated else ''}{_ranges(members)}]"


def _ranges(members: list[int]) -> str:
    text, at = "", 0
    while at < len(members):
        end = at
        while end + 1 < len(members) and members[end + 1] == members[end] + 1:
            end += 1
        if end - at >= 2:
            low, high = (_byte(members[one], _SHOWN_IN_CLASS) for one in (at, end))
            text += f"{low}-{high}"
        else:
            text += "".join(_byte(one, _SHOWN_IN_CLASS) for one in members[at : end + 1])
        at = end + 1
    return text


def _caseless(node: Node) -> str:
    """The letter, in lower case, of which a set holds both cases and nothing else."""
    if isinstance(node, Bytes):
        members = _members(node.mask)
        if len(members) == 2 and chr(members[0]).isalpha() and members[1] == members[0] + 32:
            return chr(members[1])
    return ""


def counted(text: str, least: int, most: int | None, *, lazy: bool = False) -> str:
    """`text`, which is one part, so many times."""
    if (least, most) == (1, 1):
        return text
    count = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((least, most))
    if count is None:
        end = "" if most == least else "," if most is None else f",{most}"
        count = f"{{{least}{end}}}"
    return text + count + ("?" if lazy and least != most else "")


def emit(node: Node, secret: int | None = None) -> str:
    """`node` as text.

    Args:
        node: of a tree.
        secret: number of the only group that captures, by the name `secret`; 0 for none. Without
            it each group captures as it did.
    """
    if isinstance(node, Bytes):
        return _class(node.mask)
    if isinstance(node, Edge):
        return node.text
    if isinstance(node, Repeat):
        inner = emit(node.part, secret)
        if isinstance(node.part, Edge | Repeat):
            inner = f"(?:{inner})"
        return counted(inner, node.least, node.most, lazy=node.lazy)
    inside = "|".join(_sequence(choice, secret) for choice in node.choices)
    if secret is None:
        return f"({inside})" if node.capture else f"(?:{inside})"
    return f"(?P<secret>{inside})" if node.capture and node.capture == secret else f"(?:{inside})"


def _sequence(parts: Sequence, secret: int | None) -> str:
    text, run = "", ""
    for part in parts:
        letter = _caseless(part)
        if letter:
            run += letter
            continue
        if run and _without_case(part):
            run += emit(part)
            continue
        text += (f"(?i:{run})" if run else "") + emit(part, secret)
        run = ""
    return text + (f"(?i:{run})" if run else "")


def _without_case(node: Node) -> bool:
    """Whether it is one byte that is no letter, so that it may stand among caseless letters."""
    if not isinstance(node, Bytes) or node.mask.bit_count() != 1:
        return False
    return not chr(node.mask.bit_length() - 1).isalpha()


def width(node: Node) -> tuple[int, int | None]:
    """Least and most bytes of a match; None where there is no most."""
    if isinstance(node, Bytes):
        return 1, 1
    if isinstance(node, Edge):
        return 0, 0
    if isinstance(node, Repeat):
        least, most = width(node.part)
        most = 0 if most == 0 else None if most is None or node.most is None else most * node.most
        return least * node.least, most
    widths = [_summed(choice) for choice in node.choices]
    most_of = [most for _, most in widths]
    least = min(least for least, _ in widths)
    return least, None if None in most_of else max(most for most in most_of if most is not None)


def _summed(parts: Sequence) -> tuple[int, int | None]:
    least, most = 0, 0
    bounded = True
    for part in parts:
        low, high = width(part)
        least += low
        if high is None:
            bounded = False
        else:
            most += high
    return least, most if bounded else None
