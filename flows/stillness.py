"""Tells how long something has not changed, by this process's own watch instead of two machines' clocks."""

import time
from collections.abc import Callable, Hashable


class Stillness:
    """Remembers values and since when each has been the same.

    A worker is dead when its last heartbeat has not moved for a while, a run is stuck when its state has
    not. Seen this way, a demo clock that runs ahead, a server with another idea of the time, and an outage
    in which nobody could send a heartbeat are all harmless: at worst it takes one more period to be sure.
    """

    def __init__(self, watch: Callable[[], float] = time.monotonic) -> None:
        self._watch = watch
        self._seen: dict[Hashable, tuple[Hashable, float]] = {}

    def seconds(self, thing: Hashable, value: Hashable) -> float:
        """For how long `thing` has had this `value`; 0 the first time."""
        known = self._seen.get(thing)
        if known is None or known[0] != value:
            self._seen[thing] = (value, self._watch())
            return 0.0
        return self._watch() - known[1]

    def forget(self, thing: Hashable) -> None:
        """Stop watching `thing`."""
        self._seen.pop(thing, None)

    def clear(self) -> None:
        """Begin anew, as after an outage in which nothing could be seen."""
        self._seen.clear()
