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

CASES = ROOT / "handlepligt" / "cases"
# What the people of the house may see and do stands in words of their staff roles, whatever the protocol.
ABOUT_THE_HOUSE = {
    CASES / f"{name}.py"
    for name in (
        "offer_handover", "people", "queries", "relations", "transfer_duty", "view_case", "view_tasks",
    )
}  # fmt: skip


def watched() -> list[Path]:
    """Every file of the kernel, the flows and the verbs, also one that is added in a folder of its own."""
    found = {path for room in ("protocols", "flows") for path in (ROOT / room).rglob("*.py")}
    return sorted(found | set(CASES.rglob("*.py")) - ABOUT_THE_HOUSE)


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


@pytest.mark.parametrize("path", watched(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_file_names_nothing_of_any_protocol(path: Path) -> None:
    words = words_in(path)

    assert words & forbidden_words() - PURPOSES.get(path, set()) == set()
    assert not [word for word in words if AGES.search(word)]
    assert 18 not in numbers_in(path)


def test_the_list_of_words_is_taken_from_the_definitions() -> None:
    words = forbidden_words()

    assert {"adviser", "leader", "professional", "coordinator", "adviser_under_18", "discuss"} <= words


def test_every_room_is_watched_and_each_exception_still_needed() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in watched()}

    assert {
        "protocols/engine.py",
        "protocols/kinds/step.py",
        "flows/steps.py",
        "handlepligt/cases/complete_step.py",
        "handlepligt/cases/tick_item.py",
    } <= names
    assert [path.name for path in ABOUT_THE_HOUSE if not words_in(path) & forbidden_words()] == []


def test_a_word_of_a_protocol_would_be_found(tmp_path: Path) -> None:
    file = tmp_path / "bad.py"
    file.write_text('"""About the leader."""\nif role == "leader":\n    discuss = 18\n', encoding="utf-8")

    assert words_in(file) & forbidden_words() == {"leader", "discuss"}
    assert numbers_in(file) == {18}
