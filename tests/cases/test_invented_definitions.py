"""The two invented definitions, between them every kind and clause, live by the real verbs to their ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from protocols.library import Library, in_force, put_in_force
from protocols.loader import library, load_all
from tests.cases.acting import Stage
from tests.cases.any_life import Life

INVENTED = Path(__file__).parents[1] / "protocols" / "invented"


@contextmanager
def invented_in_force() -> Iterator[Library]:
    """Lets cases follow the invented definitions beside those that ship."""
    before, invented = in_force(), load_all(INVENTED, thorough=False)
    put_in_force(Library([*library().all(), *invented.all()]))
    try:
        yield invented
    finally:
        put_in_force(before)


@pytest.mark.parametrize("track", ["proeveby_violence", "lillby_concern"])
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_case_is_led_to_an_end_and_never_lacks_its_one_holder(stage: Stage, track: str, seed: int) -> None:
    chance = Random(f"{track}:{seed}")
    with invented_in_force() as invented:
        definition = invented.latest(track)
        drawn = Life.facts_for(definition, chance, stage.now)

        life = Life(stage, stage.raised(track=track, **drawn), chance)
        life.link_people()
        closed = life.to_the_end()

    assert closed.end_key in definition.ends
    assert closed.closed_at is not None
