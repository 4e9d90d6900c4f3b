"""No broken definition loads; each whole one lives to an end with exactly one holder at every instant."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from models.session import writing
from protocols.definition import Definition
from protocols.library import Library, in_force, put_in_force
from protocols.loader import examine, examine_all, library, load_file
from protocols.problems import DefinitionRefused, Problem
from protocols.simulating import simulate
from tests.cases.acting import Stage
from tests.cases.any_life import Life
from tests.databases import empty
from tests.house import make_house
from tests.protocols.generated import Generated, as_yaml, definitions
from tests.protocols.mutations import MUTATIONS, TEXTS

# `make soak` runs the same for longer: so many times the usual number of examples.
SOAK = int(os.environ.get("HANDLEPLIGT_SOAK", "1"))
pytestmark = [pytest.mark.slow, pytest.mark.timeout(120 * SOAK)]
# The one thing a whole definition may still be refused for: more states than are walked.
# Bytes that mean something in YAML, or nothing anywhere.
LIKELY = b" \n:-[]{}'\"#&*!|>%@,.?0a\t\xc3\xff\x00"
TOO_MANY = "too entangled"


def examples(number: int) -> Any:
    """How many to try; found anew each time in a soak, the same ones each time otherwise."""
    return settings(
        max_examples=number * SOAK,
        deadline=None,
        derandomize=SOAK == 1,
        database=None,
        # Making a failure shorter takes minutes, and what was found can be read as it is.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def whole(generated: Generated) -> list[Definition]:
    """The definitions; fails with every complaint about them."""
    with generated.folder() as folder:
        read, problems = examine_all(folder)
    assume(not any(TOO_MANY in one.sentence for one in problems))
    assert [str(one) for one in problems] == []
    return read


@contextmanager
def followed(read: list[Definition]) -> Iterator[None]:
    before = in_force()
    put_in_force(Library([*library().all(), *read]))
    try:
        yield
    finally:
        put_in_force(before)


@examples(30)
@given(definitions())
def test_every_whole_definition_passes_the_whole_check(generated: Generated) -> None:
    assert {one.key for one in whole(generated)} == set(generated.docs)


@examples(25)
@given(generated=definitions(), seed=st.integers(0, 2**32))
def test_each_lives_by_the_real_verbs_to_an_end_with_one_holder_at_every_instant(
    sqlite_engine: Engine, generated: Generated, seed: int
) -> None:
    read = whole(generated)
    definition = next(one for one in read if one.key == generated.key)
    empty(sqlite_engine)
    with writing(sqlite_engine) as session:
        stage = Stage(sqlite_engine, make_house(session))

    with followed(read):
        chance = Random(seed)
        drawn = Life.facts_for(definition, chance, stage.now)
        life = Life(stage, stage.raised(track=generated.key, **drawn), chance)
        life.link_people()
        closed = life.to_the_end()

    assert closed.end_key in definition.ends


@examples(25)
@given(generated=definitions(), seed=st.integers(0, 2**32))
def test_each_is_sound_when_it_is_simulated(generated: Generated, seed: int) -> None:
    for definition in whole(generated):
        report = simulate(definition, cases=4, seed=seed)

        assert report.broken == ()
        assert (report.not_ended, report.ways) == (0, ())


def refusals_of(generated: Generated, text: str | bytes) -> list[Problem]:
    """What is wrong with the folder when the definition's own file says this; nothing else may come of it."""
    with generated.folder() as folder:
        file = folder / f"{generated.key}.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        _, problems = examine_all(folder)
        if problems and examine(file)[1]:
            with pytest.raises(DefinitionRefused):
                load_file(file)
    return problems


def assert_refused(problems: list[Problem], sentence: str) -> None:
    assert any(sentence in one.sentence for one in problems), [str(one) for one in problems]
    for one in problems:
        assert one.file.endswith(".yaml")
        assert (one.line > 0, one.column > 0, len(one.sentence) > 10) == (True, True, True), str(one)


@pytest.mark.parametrize("name", MUTATIONS)
@examples(2)
@given(generated=definitions())
def test_a_broken_definition_is_refused_with_a_place_and_a_sentence(name: str, generated: Generated) -> None:
    sentence, mutate = MUTATIONS[name]
    doc = copy.deepcopy(generated.doc)
    mutate(doc)

    problems = refusals_of(generated, as_yaml(doc))

    assert_refused(problems, sentence)


@pytest.mark.parametrize("name", TEXTS)
@examples(2)
@given(generated=definitions())
def test_a_broken_text_is_refused_with_a_place_and_a_sentence(name: str, generated: Generated) -> None:
    sentence, mutate = TEXTS[name]

    problems = refusals_of(generated, mutate(generated.texts()[f"{generated.key}.yaml"]))

    assert_refused(problems, sentence)


@examples(5)
@given(generated=definitions())
def test_two_protocols_that_raise_each_other_are_refused(generated: Generated) -> None:
    docs = {"one": copy.deepcopy(generated.doc), "two": copy.deepcopy(generated.doc)}
    for key, other in (("one", "two"), ("two", "one")):
        docs[key]["head"]["key"] = key
        docs[key]["sub_protocols"] = {"zz": {"title": "x", "protocol": other, "opens_when": "true"}}

    with Generated(docs, generated.contacts, generated.ladders).folder() as folder:
        _, problems = examine_all(folder)

    assert_refused(problems, "cases would raise each other for ever: one -> two -> one")


@examples(40)
@given(generated=definitions(), seed=st.integers(0, 2**32))
def test_random_bytes_in_a_whole_file_give_a_definition_or_a_refusal(generated: Generated, seed: int) -> None:
    chance = Random(seed)
    content = bytearray(generated.texts()[f"{generated.key}.yaml"].encode())
    for _ in range(chance.randrange(1, 6)):
        start = chance.randrange(len(content))
        new = bytes(chance.choice(LIKELY) for _ in range(chance.randrange(4)))
        content[start : start + chance.randrange(8)] = new

    for one in refusals_of(generated, bytes(content)):
        assert (one.line > 0, one.sentence != "") == (True, True)
