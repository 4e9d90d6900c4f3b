"""Cases as the walk over the state space tells them apart."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

T = TypeVar("T")
# Answers by question, in the order of their keys.
Answering = tuple[tuple[str, object], ...]
Pairs = Collection[tuple[str, str]]
# A call of a condition, such as ("reached", "hotline"), and what it says now.
Chance = tuple[tuple[str, ...], object]


class _once(Generic[T]):  # noqa: N801 - a decorator, named as one
    """A property worked out once; `functools.cached_property` takes a lock each time, which is slow."""

    def __init__(self, work: Callable[[Any], T]) -> None:
        self.work = work

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, case: AbstractCase, owner: type) -> T:
        value = case.__dict__[self.name] = self.work(case)
        return value


@dataclass(frozen=True)
class AbstractStep:
    """Where the latest round of a step stands, and whether any round was done, or settled at all.

    `expired` are the deadlines of the latest round that have passed.
    """

    rounds: int
    is_open: bool
    ever_done: bool
    ever_settled: bool = False
    expired: tuple[str, ...] = ()

    def ended(self, *, done: bool) -> AbstractStep:
        # Conditions tell done from not applicable only by asking whether a step has ever been done.
        return AbstractStep(self.rounds, False, self.ever_done or done, True, self.expired)


@dataclass(frozen=True)
class AbstractCase:
    """One state. `later` holds the pairs of steps that conditions ask about and that opened in that order.

    `settled_later` holds those of which the first was settled after the other and has not been opened since.
    There are no equal instants here: what falls away is settled after what brought it down. `people` holds
    each relation of whom anybody is linked, how many, and what is known of them. `chances` are what
    conditions ask that no step decides: who was reached, which role is passed over, what a form came to.
    """

    steps: tuple[tuple[str, AbstractStep], ...] = ()
    later: frozenset[tuple[str, str]] = frozenset()
    settled_later: frozenset[tuple[str, str]] = frozenset()
    answers: Answering = ()
    facts: Answering = ()
    age: int | None = None
    acute_on: bool = False
    presses: int = 0
    handed_over: bool = False
    people: tuple[tuple[str, Answering], ...] = ()
    chances: tuple[Chance, ...] = ()
    # Loops are followed for a few rounds only; such a state is not the end of a real way.
    cut: bool = False

    @_once
    def by_key(self) -> dict[str, AbstractStep]:
        return dict(self.steps)

    @_once
    def answered(self) -> dict[str, object]:
        return dict(self.answers)

    @_once
    def known_facts(self) -> dict[str, object]:
        return dict(self.facts)

    @_once
    def linked(self) -> dict[str, dict[str, Any]]:
        """What is known of the linked people of each relation, who are all alike here."""
        return {relation: dict(facts) for relation, facts in self.people}

    @_once
    def chance(self) -> dict[tuple[str, ...], object]:
        return dict(self.chances)

    @_once
    def open_steps(self) -> list[str]:
        return [key for key, step in self.steps if step.is_open]

    @_once
    def _hash(self) -> int:
        order = (self.later, self.settled_later, self.people, self.chances)
        return hash((self.steps, order, self.answers, self.facts, self.age, self.presses, self.acute_on))

    def __hash__(self) -> int:
        return self._hash

    def but(self, **changes: object) -> AbstractCase:
        """The same case with some of its fields changed.

        `dataclasses.replace` does the same, but the walk makes so many cases that it takes half of its time.
        """
        known = self.__dict__
        case = object.__new__(AbstractCase)
        case.__dict__.update({name: known[name] for name in _FIELDS}, **changes)
        return case

    def with_ended(self, key: str, pairs: Pairs, *, done: bool = False) -> AbstractCase:
        """The case after an open step was done or fell away; `pairs` as for `settled_later`."""
        steps = {**self.by_key, key: self.by_key[key].ended(done=done)}
        order = {pair for pair in self.settled_later if pair[1] != key}
        order |= {
            pair for pair in pairs if pair[0] == key and pair[1] in steps and steps[pair[1]].ever_settled
        }
        return self.but(steps=tuple(sorted(steps.items())), settled_later=frozenset(order))

    def with_opened(self, key: str, pairs: Pairs) -> AbstractCase:
        """The case after a step opened; `pairs` are those whose order of opening some condition asks for."""
        before = self.by_key.get(key, AbstractStep(0, is_open=False, ever_done=False))
        steps = {
            **self.by_key,
            key: AbstractStep(before.rounds + 1, True, before.ever_done, before.ever_settled),
        }
        later = {pair for pair in self.later if pair[1] != key}
        later |= {pair for pair in pairs if pair[0] == key and pair[1] in self.by_key and pair[1] != key}
        return self.but(
            steps=tuple(sorted(steps.items())),
            later=frozenset(later),
            settled_later=frozenset(pair for pair in self.settled_later if pair[0] != key),
        )

    def with_expired(self, key: str, deadline: str) -> AbstractCase:
        """The case after a deadline of a step's latest round has passed."""
        known = self.by_key[key]
        passed = tuple(sorted({*known.expired, deadline}))
        late = AbstractStep(known.rounds, known.is_open, known.ever_done, known.ever_settled, passed)
        return self.but(steps=tuple(sorted({**self.by_key, key: late}.items())))

    def with_press(self) -> AbstractCase:
        """The case after acute was pressed."""
        return self.but(acute_on=True, presses=self.presses + 1)

    def with_chances(self, said: dict[tuple[str, ...], object]) -> AbstractCase:
        """The case with these calls saying something else."""
        return self.but(chances=tuple(sorted({**self.chance, **said}.items(), key=str)))

    def with_people(self, relation: str, facts: Answering) -> AbstractCase:
        """The case with these people of a relation linked, in place of fewer of them."""
        return self.but(people=tuple(sorted({**dict(self.people), relation: facts}.items())))


_FIELDS = tuple(one.name for one in fields(AbstractCase))


@dataclass(frozen=True)
class Move:
    """One thing that happened, in words for the reader of a problem.

    `besides` is what came of it that is no answer, told in the same way.
    """

    what: str
    answers: Answering = ()
    besides: Answering = ()

    def __str__(self) -> str:
        said = [one for one in (*self.answers, *self.besides) if one[1] not in (None, "", ())]
        told = ", ".join(f"{key}={_plain(value)}" for key, value in said)
        return f"{self.what}({told})" if told else self.what


def _plain(value: object) -> str:
    return "+".join(map(str, value)) if isinstance(value, tuple) else str(value)
