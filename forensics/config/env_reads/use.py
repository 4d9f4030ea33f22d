"""What becomes of a value where it is read: which default stands in for it, what asks for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from forensics.config.env_reads.model import EMPTY, EXPRESSION, LITERAL, NONE, REQUIRED
from forensics.config.env_reads.syntax import arguments, default_of, text

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["Use", "is_written", "use_of"]

_HIGHEST = 24
_TRANSPARENT = frozenset(
    ("parenthesized_expression", "non_null_expression", "as_expression", "satisfies_expression",
     "type_assertion", "await_expression", "argument", "value_argument", "expression_list",
     "cast_expression", "type_cast_expression", "error_suppression_expression",
     "postfix_expression", "template_substitution", "parenthesized_statements", "argument_list",
     "arguments", "then")
)  # fmt: skip
_BINARY = frozenset(
    ("binary_expression", "binary", "boolean_operator", "comparison_operator", "elvis_expression",
     "null_coalescing_expression", "disjunction_expression", "infix_expression",
     "equality_expression", "operator_assignment", "augmented_assignment_expression",
     "conjunction_expression", "not_operator")
)  # fmt: skip
_INSTEAD = frozenset(("??", "||", "or", "?:", "??=", "||="))
_COMPARED = frozenset(("==", "===", "!=", "!==", "=~", "!~", "in", "is", "eq", "<", ">", "not in"))
_CONDITIONS = frozenset(
    ("if_statement", "while_statement", "if", "unless", "elsif", "if_modifier", "unless_modifier",
     "if_expression", "while_expression", "elif_clause", "else_if_clause", "when_entry",
     "switch_statement", "switch_expression", "expression_switch_statement", "case",
     "assert_statement", "while", "match_expression", "match_statement")
)  # fmt: skip
_TERNARY = frozenset(("ternary_expression", "conditional_expression", "conditional"))
_THROUGH = frozenset(
    ("member_expression", "attribute", "selector_expression", "member_access_expression",
     "navigation_expression", "field_expression", "call", "call_expression", "method_invocation",
     "invocation_expression", "member_call_expression", "nullsafe_member_call_expression",
     "conditional_access_expression", "subscript_expression", "subscript", "field_access",
     "function_call_expression", "scoped_call_expression", "element_reference", "index_expression",
     "try_expression")
)  # fmt: skip
_CONVERTS = re.compile(
    r"(?:.*\.)?(?:Number|parseInt|parseFloat|String|Boolean|int|float|str|bool|strtobool|Integer"
    r"|Float|intval|boolval|filter_var|ParseBool|Atoi|parseBoolean|valueOf|toString|Path|ofNullable)"
)
_ASKS = re.compile(
    r"(?:.*\.)?(?:Boolean|bool|boolval|present\?|blank\?|nil\?|empty\?|IsNullOrEmpty"
    r"|IsNullOrWhiteSpace|isNullOrEmpty|isNullOrBlank|isEmpty|isBlank|isset|empty|is_ok|is_err"
    r"|is_some|is_none|hasText|isNotBlank|isNotEmpty|parseBoolean|isTruthy|Equals|equals"
    r"|equalsIgnoreCase|includes|startsWith|startswith)"
)
_FAILS = re.compile(
    r"\b(?:throw|raise|panic|process\.exit|os\.Exit|Fatal\w*|abort|sys\.exit|die|exit|error)\b"
)
_DENIED = re.compile(
    r"!|\bnot\b|== *(?:\"\"|''|null|undefined|nil)|is None|\bblank\?|\bnil\?|empty|Null"
)
_LOOKED = 600
_NAMES = re.compile(r"(?<![A-Za-z0-9_])[A-Z][A-Z0-9_]{2,}(?![a-z])")
_FUNCTIONS = frozenset(
    ("function_definition", "function_declaration", "method_definition", "method_declaration",
     "method", "function_item", "class_definition", "class_declaration", "program", "module")
)  # fmt: skip


class Use(NamedTuple):
    """How a value that may be missing is used."""

    default: str
    optional: bool = False


def use_of(node: Node) -> Use:
    """What stands in for a value, as far as the expression around it says."""
    instead = computed = False
    for _ in range(_HIGHEST):
        parent = node.parent
        if parent is None:
            break
        answer = _within(node, parent)
        if answer is not None:
            # `a || b || "c"` is read from the left: what comes last counts.
            if answer.default != EXPRESSION or parent.type not in _BINARY:
                known = not computed or answer.default in (LITERAL, EMPTY)
                return answer if known else Use(EXPRESSION)
            computed = True
        elif not _goes_on(node, parent):
            break
        if parent.type in _BINARY and node == parent.named_children[-1]:
            instead |= text(parent.child_by_field_name("operator")) in _INSTEAD
        node = parent
    if computed:
        return Use(EXPRESSION)
    # What stands in for something else is only asked for where that is missing.
    return Use(NONE, optional=instead or _guarded(node))


def _guarded(node: Node) -> bool:
    """Whether it is only read where a condition has asked for the same name."""
    names = set(_NAMES.findall(text(node)[:_LOOKED]))
    at: Node | None = node
    for _ in range(_HIGHEST if names else 0):
        below, at = at, at.parent if at is not None else None
        if at is None or at.type in _FUNCTIONS:
            break
        condition = at.child_by_field_name("condition")
        if condition is None and at.type in _BINARY and len(at.named_children) == 2:
            operator = text(at.child_by_field_name("operator"))
            condition = at.named_children[0] if operator in ("&&", "and") else None
        if condition is None or condition == below:
            continue
        asked = text(condition)[:_LOOKED]
        if not names.isdisjoint(_NAMES.findall(asked)):
            return True
    return False


def is_written(node: Node) -> bool:
    """Whether a place is set or deleted, not read."""
    parent = node.parent
    if parent is None:
        return False
    if parent.type in ("delete_statement", "unset_statement") or text(parent).startswith("delete "):
        return True
    if parent.type in ("assignment", "assignment_expression", "assignment_statement"):
        return parent.child_by_field_name("left") == node
    return False


def _within(node: Node, parent: Node) -> Use | None:
    """What a parent says of a value, if that settles it."""
    kind = parent.type
    if kind in _BINARY:
        return _in_binary(node, parent)
    if kind in ("unary_expression", "unary", "not_operator", "unary_op_expression", "prefix_unary"):
        return _asked(parent) if text(parent)[:1] == "!" or "not " in text(parent)[:5] else None
    if kind in _TERNARY:
        return _in_ternary(node, parent)
    if kind in _CONDITIONS:
        return _asked(node) if parent.child_by_field_name("consequence") != node else None
    if kind == "isset_expression":
        return Use(NONE, optional=True)
    if kind in _THROUGH and _ASKS.fullmatch(_called(parent)):
        return _asked(parent)
    return None


def _in_binary(node: Node, parent: Node) -> Use | None:
    operator = text(parent.child_by_field_name("operator"))
    if not operator:
        operator = next((text(one) for one in parent.children if not one.is_named), "")
    left = parent.child_by_field_name("left") or parent.named_children[0]
    if left == node and operator in _INSTEAD:
        right = parent.child_by_field_name("right") or parent.named_children[-1]
        if re.match(r"(?:throw|raise|panic|die|error)\b", text(right)):
            return Use(REQUIRED)
        kind = default_of(right)
        return Use(kind, optional=kind == NONE)
    if operator in _COMPARED:
        return _asked(parent)
    if operator in ("&&", "and") and left == node:
        return _asked(parent)
    return None


def _in_ternary(node: Node, parent: Node) -> Use | None:
    parts = parent.named_children
    condition = parent.child_by_field_name("condition")
    if condition is None and len(parts) == 3:  # Python: value, condition, other
        condition = parts[1]
    last = parent.child_by_field_name("alternative") or parts[-1]
    if node == condition:
        if len(parts) == 2:  # PHP: `a ?: b`
            return Use(default_of(last))
        return Use(NONE, optional=True)
    if condition is not None and text(node) in text(condition):
        other = parts[0] if condition == parts[1] else parts[1]
        return Use(default_of(other if node == last else last))
    return None


def _asked(node: Node) -> Use:
    """A value that is only asked for is optional, unless the code fails without it."""
    for _ in range(_HIGHEST):
        parent = node.parent
        if parent is None:
            break
        if parent.type in _CONDITIONS:
            denied = _DENIED.search(text(node)) or parent.type.startswith("unless")
            body = parent.child_by_field_name("consequence") or parent.child_by_field_name("body")
            if denied and body is not None and _FAILS.search(text(body)[:_LOOKED]):
                return Use(REQUIRED)
            break
        if not parent.type.endswith(("expression", "binary", "unary", "operator", "clause")):
            break
        node = parent
    return Use(NONE, optional=True)


def _called(node: Node) -> str:
    """The name of what is called or taken, without arguments."""
    for field in ("method", "name", "function"):
        found = node.child_by_field_name(field)
        if found is not None:
            return text(found).rpartition("?.")[2] or text(found)
    return ""


def _goes_on(node: Node, parent: Node) -> bool:
    """Whether a parent has the value of a node, more or less."""
    if parent.type in _TRANSPARENT or parent.type in _BINARY or parent.type in _TERNARY:
        if parent.type in ("argument_list", "arguments", "value_arguments"):
            call = parent.parent
            first = arguments(call) if call is not None else []
            return bool(
                call is not None
                and first
                and first[0].start_byte <= node.start_byte < first[0].end_byte
                and (_CONVERTS.fullmatch(_called(call)) or _ASKS.fullmatch(_called(call)))
            )
        return True
    return parent.type in _THROUGH and (
        parent.start_byte == node.start_byte or node.type in ("argument_list", "arguments")
    )
