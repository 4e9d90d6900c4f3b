"""The two invented definitions are whole, and use between them each kind and each clause at least once."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from handlepligt.domain.deadlines import Basis, Offset, Unit
from protocols.checking import check
from protocols.condition_functions import FUNCTIONS
from protocols.conditions import Condition
from protocols.deadline_base import Base, BaseKind
from protocols.definition import Definition
from protocols.kinds import kinds
from protocols.loader import load_all

INVENTED = Path(__file__).parent / "invented"
# What only the loader writes.
NOT_WRITTEN = {"key", "made_from"}


@pytest.fixture(scope="module")
def definitions() -> tuple[Definition, ...]:
    return load_all(INVENTED, thorough=False).all()


@pytest.fixture(scope="module")
def written(definitions: tuple[Definition, ...]) -> list[object]:
    """Everything that somebody wrote in the two files, elements, conditions and plain values alike."""
    found: list[object] = []
    for definition in definitions:
        for elements in definition.elements.values():
            for element in elements.values():
                if not getattr(element, "made_from", ""):
                    found += inside(element)
    return found


def inside(value: object) -> Iterator[object]:
    yield value
    match value:
        case BaseModel():
            for name in value.model_fields_set - NOT_WRITTEN:
                yield from inside(getattr(value, name))
        case dict():
            for one in value.values():
                yield from inside(one)
        case list() | tuple():
            for one in value:
                yield from inside(one)


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models_in(field.annotation)
    for argument in get_args(annotation):
        yield from models_in(argument)


def test_both_pass_the_whole_check() -> None:
    report = check(INVENTED)

    assert [str(one) for one in report.problems] == []


def test_one_is_foreign_in_language_calendar_and_week(definitions: tuple[Definition, ...]) -> None:
    heads = {one.key: one.head for one in definitions}

    assert {head.language for head in heads.values()} == {"da", "sv"}
    assert {head.country for head in heads.values()} == {"DK", "FI"}


def test_every_field_of_every_kind_is_written_somewhere(written: list[object]) -> None:
    used: dict[type[BaseModel], set[str]] = {}
    for one in written:
        if isinstance(one, BaseModel):
            used.setdefault(type(one), set()).update(one.model_fields_set)

    unused = {
        f"{model.__module__}.{model.__name__}.{name}"
        for kind in kinds().values()
        for model in models_in(kind)
        for name in set(model.model_fields) - NOT_WRITTEN - used.get(model, set())
    }

    assert sorted(unused) == []


def test_every_word_of_every_closed_list_is_written_somewhere(written: list[object]) -> None:
    used = {one for one in written if isinstance(one, StrEnum)}
    lists = {type(one) for one in used}

    assert sorted(f"{words.__name__}.{one.name}" for words in lists for one in words if one not in used) == []


def test_every_base_unit_and_basis_of_a_deadline_is_written_somewhere(written: list[object]) -> None:
    bases = {one.kind for one in written if isinstance(one, Base)}
    units = {one.unit for one in written if isinstance(one, Offset)}

    assert set(BaseKind) - bases == set()
    assert set(Unit) - units == set()
    assert any(isinstance(one, Offset) and one.amount < 0 for one in written)
    assert {one for one in written if isinstance(one, Basis)} == set(Basis)


def test_every_function_of_the_conditions_is_asked_somewhere(written: list[object]) -> None:
    called = {call[0] for one in written if isinstance(one, Condition) for call in one.calls}

    assert set(FUNCTIONS) - called - {"size"} == set()
