"""The kernel, the step verbs and the flows name no role, track, step or age of any definition."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from handlepligt.domain.vocabulary import StaffRole
from protocols.kinds.contact import Purpose
from protocols.loader import library

ROOT = Path(__file__).parents[2]

# Words of the kernel itself that definitions happen to use too: acute, a phase and two relations.
KERNEL_WORDS = {"acute", "follow_up", "holder", "raiser"}
# "Head" is also the kind that opens every file; the rest are acts on any case, not steps of a protocol.
GENERAL_WORDS = {"siblings", "head", "conclude"}
# What one calls a contact for is a closed list of the kernel, and stands in one file only.
PURPOSES = {ROOT / "protocols" / "kinds" / "contact.py": {purpose.value for purpose in Purpose}}
AGES = re.compile(r"(under|over)_(18|eighteen)")

WATCHED = [
    *sorted((ROOT / "protocols").glob("*.py")),
    *sorted((ROOT / "protocols" / "kinds").glob("*.py")),
    *sorted((ROOT / "flows").glob("*.py")),
    *(
        ROOT / "handlepligt" / "cases" / f"{verb}.py"
        for verb in ("open_step", "complete_step", "skip_step", "press_acute", "log_call", "arm_deadlines")
    ),
]


def forbidden_words() -> set[str]:
    """Every role, step and track of every definition, and every staff role."""
    words = {role.value for role in StaffRole}
    for definition in library().all():
        words |= {definition.key, *definition.roles, *definition.steps, *definition.contacts}
    return words - KERNEL_WORDS - GENERAL_WORDS


def words_in(path: Path) -> set[str]:
    """Every identifier and text of a file, cut into words; docstrings and comments do not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in docstrings:
                found |= set(re.findall(r"\w+", text.lower()))
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                found.add(name.lower())
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name.lower())
            case ast.keyword(arg=str(name)):
                found.add(name.lower())
    return found


def numbers_in(path: Path) -> set[int]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, int)
    }


@pytest.mark.parametrize("path", WATCHED, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_file_names_nothing_of_any_protocol(path: Path) -> None:
    words = words_in(path)

    assert words & forbidden_words() - PURPOSES.get(path, set()) == set()
    assert not [word for word in words if AGES.search(word)]
    assert 18 not in numbers_in(path)


def test_the_list_of_words_is_taken_from_the_definitions() -> None:
    words = forbidden_words()

    assert {"adviser", "leader", "professional", "coordinator", "adviser_under_18", "discuss"} <= words


def test_a_word_of_a_protocol_would_be_found(tmp_path: Path) -> None:
    file = tmp_path / "bad.py"
    file.write_text('"""About the leader."""\nif role == "leader":\n    discuss = 18\n', encoding="utf-8")

    assert words_in(file) & forbidden_words() == {"leader", "discuss"}
    assert numbers_in(file) == {18}
