"""Lets others see that the reconciler still does its turns, and that Prefect answers it."""

import asyncio
import time
from collections.abc import Callable

from prefect.client.orchestration import PrefectClient

EVERY_SECONDS = 30.0


class Pulse:
    """Calls `beat` (in a thread, for it writes to a database) after a turn, at most every thirty seconds."""

    def __init__(
        self, beat: Callable[[], None], *, pool: str, watch: Callable[[], float] = time.monotonic
    ) -> None:
        self._beat = beat
        self._pool = pool
        self._watch = watch
        self._beaten_at = float("-inf")

    async def step(self, api: PrefectClient) -> None:
        """A turn has come to its end. Raises the client's own error, and does not beat, when Prefect is away.

        A turn in which no case is woken asks Prefect nothing, so it is asked here. Its health page would
        not do: that one answers without the secret and without the database.
        """
        if self._watch() - self._beaten_at < EVERY_SECONDS:
            return
        await api.read_work_pool(self._pool)
        await asyncio.to_thread(self._beat)
        self._beaten_at = self._watch()
