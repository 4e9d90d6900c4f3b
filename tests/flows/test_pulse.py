"""The reconciler is seen to work exactly while Prefect answers it."""

import asyncio
from typing import Any

import pytest

from flows.deployment import POOL
from flows.pulse import EVERY_SECONDS, Pulse
from flows.runner import run_flows
from tests.flows.installation import Installation, wait_for


class Prefect:
    """Answers, or does not, when it is asked about its pool."""

    def __init__(self) -> None:
        self.is_away = False
        self.asked: list[str] = []

    async def read_work_pool(self, name: str) -> None:
        self.asked.append(name)
        if self.is_away:
            raise ConnectionError


class Scene:
    """A pulse with a watch that the test turns."""

    def __init__(self) -> None:
        self.at, self.beats = 1000.0, 0
        self.prefect: Any = Prefect()
        self.pulse = Pulse(self._beat, pool=POOL, watch=lambda: self.at)

    def turn_ends(self, *, after: float = 0.0) -> None:
        self.at += after
        asyncio.run(self.pulse.step(self.prefect))

    def _beat(self) -> None:
        self.beats += 1


def test_the_first_turn_beats_at_once_and_the_following_ones_every_half_minute() -> None:
    scene = Scene()

    scene.turn_ends()
    for _ in range(8):
        scene.turn_ends(after=EVERY_SECONDS / 4)

    assert scene.beats == 3
    assert scene.prefect.asked == [POOL] * 3


def test_nothing_beats_while_prefect_is_away_and_all_the_sooner_when_it_is_back() -> None:
    scene = Scene()
    scene.turn_ends()
    scene.prefect.is_away = True

    for _ in range(3):
        with pytest.raises(ConnectionError):
            scene.turn_ends(after=EVERY_SECONDS)
    assert scene.beats == 1

    scene.prefect.is_away = False
    scene.turn_ends(after=1)
    assert scene.beats == 2


@pytest.mark.prefect
@pytest.mark.timeout(180)
@pytest.mark.parametrize("leads", [True, False])
def test_of_several_workers_only_the_one_that_leads_beats(installation: Installation, leads: bool) -> None:
    installation.rest()
    asked, beats = 0, 0

    def is_leader() -> bool:
        nonlocal asked
        asked += 1
        return leads

    def beat() -> None:
        nonlocal beats
        beats += 1

    async def work() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(
            run_flows(installation.settings, installation.engine, is_leader, stop, beat=beat)
        )
        # A turn is over when the next one begins.
        await asyncio.to_thread(wait_for, lambda: asked >= 5, "some turns")
        stop.set()
        await asyncio.wait_for(running, 20)

    with installation.prefect_settings():
        asyncio.run(work())

    assert beats == (1 if leads else 0)
