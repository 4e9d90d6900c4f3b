"""The point at which combinations are too many to be walked through, said instead of walking for hours."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import TypeVar

from protocols.yaml_source import Where

T = TypeVar("T")

# Of facts at the beginning, of answers to one step, of what stands beside the way: 2 to the power of 12.
MOST_COMBINATIONS = 4_096


class EntangledError(Exception):
    """A definition that cannot be walked through; `where` in the file, and a sentence how to mend it."""

    def __init__(self, where: Where, sentence: str) -> None:
        super().__init__(sentence)
        self.where, self.sentence = where, sentence


def bounded(combinations: Iterable[T], where: Where, what: str) -> Iterator[T]:
    """The combinations; EntangledError once there are more than can be walked through."""
    every = iter(combinations)
    yield from itertools.islice(every, MOST_COMBINATIONS)
    if next(every, None) is not None:
        sentence = (
            f"{what} have more than {MOST_COMBINATIONS} combinations that conditions tell apart; "
            "let fewer of them steer the case, or ask one question that sums them up"
        )
        raise EntangledError(where, sentence)
