"""The checklist of an open step in a case: its items, which are ticked, and what may be ticked now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from protocols.action_answers import AgreedAction, agreed_actions
from protocols.checklist import Order
from protocols.definition import Definition
from protocols.kinds.step import Kind as Step
from protocols.state import CaseState, StepState
from protocols.world import UNSETTLED


@dataclass(frozen=True)
class Item:
    """One item of a checklist in a case; `ticked_at` is aware UTC, None while it is not ticked.

    `action` is the agreed action behind an item that was not written in the definition.
    """

    key: str
    text: str
    required: bool
    ticked_at: datetime | None = None
    action: AgreedAction | None = None

    @property
    def is_ticked(self) -> bool:
        return self.ticked_at is not None


def checklist_of(
    definition: Definition, step_key: str, state: CaseState, *, person: str = ""
) -> tuple[Item, ...]:
    """The items of the step's open round, or of its latest one, in their order; empty when it has none.

    Items taken from agreed actions are those agreed when the round opened.
    """
    step = definition.step(step_key)
    if not step.checklist:
        return ()
    round_ = _round(state, step_key, person)
    ticks = round_.ticks if round_ is not None else {}
    if not step.checklist.source:
        return tuple(
            Item(key, text, step.checklist.requires(key), ticks.get(key))
            for key, text in step.checklist.items.items()
        )
    agreed = agreed_actions(
        definition, state, step.checklist.source, opened_at=round_.opened_at if round_ is not None else None
    )
    return tuple(
        Item(one.key, one.what, step.checklist.requires(one.key), ticks.get(one.key), one) for one in agreed
    )


def unticked(
    definition: Definition, step_key: str, state: CaseState, *, person: str = ""
) -> tuple[Item, ...]:
    """The required items that are not ticked."""
    items = checklist_of(definition, step_key, state, person=person)
    return tuple(one for one in items if one.required and not one.is_ticked)


def out_of_order(
    definition: Definition, step_key: str, state: CaseState, item: str, *, done: bool, person: str = ""
) -> Item | None:
    """The item whose turn comes before this one is ticked (or, when not `done`, unticked), if any.

    Where the order is free none does; where it is recommended it is advice.
    """
    if definition.step(step_key).checklist.order is Order.FREE:
        return None
    items = checklist_of(definition, step_key, state, person=person)
    place = next((nth for nth, one in enumerate(items) if one.key == item), len(items))
    if done:
        return next((one for one in items[:place] if not one.is_ticked), None)
    return next((one for one in reversed(items[place + 1 :]) if one.is_ticked), None)


def skipped_items(step: Step, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items left unticked before one that is ticked, where another order was recommended."""
    if step.checklist.order is not Order.RECOMMENDED:
        return ()
    last = max((nth for nth, one in enumerate(items) if one.is_ticked), default=0)
    return tuple(one for one in items[:last] if not one.is_ticked)


def _round(state: CaseState, step_key: str, person: str) -> StepState | None:
    rounds = state.rounds(step_key, person)
    unsettled = [one for one in rounds if one.status in UNSETTLED]
    return next(reversed(unsettled or rounds), None)
