"""What is shown of a case tried at the keyboard: what is open, who acts, what is due, whom to call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from handlepligt.domain import danish_time

if TYPE_CHECKING:
    from protocols.invented_case import InventedCase
    from protocols.invented_deadlines import RunningDeadline
    from protocols.state import StepState


def view(case: InventedCase) -> Iterator[str]:
    """The case as it stands, in Danish, line by line."""
    zone = case.definition.head.zone
    days = (case.now - case.state.received_at).days
    acute = " · AKUT" if case.state.acute_on else ""
    yield f"\n— {danish_time.dated(case.now, zone)} (dag {days}){acute} —"
    if case.open_rounds:
        yield "Åbne trin:"
    for number, round_ in enumerate(case.open_rounds, start=1):
        yield f"  {number}. {_step(case, round_)}"
    if not case.open_rounds:
        yield "Ingen åbne trin."
    yield from _due(case)
    yield from _contacts(case)
    closing = case.closing()
    if closing:
        yield f"Kan lukkes: {', '.join(end.title for end in closing.values())}"


def _step(case: InventedCase, round_: StepState) -> str:
    from protocols.engine import pausing

    definition = case.definition
    step = definition.step(round_.key)
    about = [f"{step.title}{_round(case, round_)}", case.modality(round_).danish, _who(case, round_)]
    person = case.state.person(round_.person)
    if person is not None:
        relation = definition.relations.get(person.relation)
        about.append(f"om {relation.title if relation else person.relation} {person.id}")
    if step.standing:
        about.append("står åbent")
    before = pausing(definition, case.state, round_.key)
    about += [f"venter: »{first.title}« går forud" for first in before]
    return " · ".join(about)


def _round(case: InventedCase, round_: StepState) -> str:
    return f" (runde {round_.round})" if round_.round > 1 else ""


def _who(case: InventedCase, round_: StepState) -> str:
    definition = case.definition
    step = definition.step(round_.key)
    if step.waits_for:
        return f"venter på {_called(case, step.waits_for)}"
    holder = next((role.title for role in definition.roles.values() if role.holder), "den handlepligtige")
    return _called(case, step.owner or step.holder) or holder


def _called(case: InventedCase, key: str) -> str:
    for known in (case.definition.roles, case.definition.contacts):
        if key in known:
            return known[key].title
    return key


def _due(case: InventedCase) -> Iterator[str]:
    every = [one for one in case.ledger.every.values() if one.runs]
    if every:
        yield "Frister:"
    for deadline in sorted(every, key=lambda one: one.due_at):
        yield f"  {_deadline(case, deadline)}"


def _deadline(case: InventedCase, deadline: RunningDeadline) -> str:
    zone, rule = case.definition.head.zone, deadline.rule
    title = rule.title or deadline.name
    when = "straks" if rule.at_once else danish_time.dated(deadline.due_at, zone)
    late = " · OVERSKREDET" if deadline.passed else " · står stille" if deadline.paused_since else ""
    return f"{title}: {when} ({rule.basis.danish}){late}"


def _contacts(case: InventedCase) -> Iterator[str]:
    from protocols.engine import contacts_now

    shown = {key for round_ in case.open_rounds for key in case.definition.step(round_.key).contacts}
    known = contacts_now(case.definition, age=case.state.age, at=case.now)
    named = [one for one in known if one.contact.key in shown]
    if named:
        yield "Ring nu:"
    for one in named:
        word = {
            True: "åben",
            False: "lukket",
            None: "åben efter planen" if one.expected_open else "lukket efter planen",
        }
        numbers = ", ".join(number.number for number in one.numbers)
        yield f"  {one.contact.title}: {numbers} ({word[one.is_open]})"
