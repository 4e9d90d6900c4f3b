"""Who can be called at a given instant: contacts with their numbers, open, closed or not known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from protocols.conditions import context_of
from protocols.definition import Definition
from protocols.kinds.contact import Kind as Contact
from protocols.kinds.contact import Number, Purpose
from protocols.library import STAFF_LANGUAGE
from protocols.naming import Naming
from protocols.opening import opening_hours


@dataclass(frozen=True)
class NumberNow:
    """One number at one instant.

    `is_open` follows the hours where they are confirmed and is None where nobody has confirmed them; then
    `expected_open` is the unconfirmed default's word. `closes_at` and `opens_at` are aware UTC, None where
    the hours never change or the question does not arise.
    """

    number: str
    is_open: bool | None
    expected_open: bool
    hours: str
    hours_confirmed: bool
    closes_at: datetime | None
    opens_at: datetime | None
    conflict: str | None


@dataclass(frozen=True)
class ContactNow:
    """One contact at one instant, with its numbers in the order of the file.

    `then` is who is called when nobody answers, and `wait` how long one tries first, in words; "" where the
    definition says neither.
    """

    contact: Contact
    numbers: tuple[NumberNow, ...]
    conflict: str | None
    then: Contact | None = None
    wait: str = ""

    @property
    def is_open(self) -> bool | None:
        """True when any number is open for certain, None when one may be, False when all are closed."""
        words = [number.is_open for number in self.numbers]
        if True in words:
            return True
        return None if None in words else False

    @property
    def expected_open(self) -> bool:
        """Whether any number is open by the hours as written, confirmed or not."""
        return any(number.expected_open for number in self.numbers)


def contacts_now(
    definition: Definition,
    *,
    age: int | None,
    at: datetime,
    purposes: Collection[str] | None = None,
) -> tuple[ContactNow, ...]:
    """The contacts of a track for a citizen of this age, at this instant (aware), those open first.

    `purposes` narrows them. What a contact is shown for is the definition's own condition on `age`.
    """
    context = context_of({"age": age}, {})
    naming = Naming(definition, STAFF_LANGUAGE)
    wanted = None if purposes is None else {Purpose(purpose) for purpose in purposes}
    found = [
        ContactNow(
            contact,
            tuple(_number_now(definition, number, at) for number in contact.numbers),
            _conflict(definition, contact.conflict),
            definition.contacts.get(contact.if_no_answer),
            naming.length(contact.if_no_answer_within) if contact.if_no_answer_within else "",
        )
        for contact in definition.contacts.values()
        if (wanted is None or wanted & set(contact.purposes))
        and (contact.shown_when is None or contact.shown_when.holds(context))
    ]
    return tuple(sorted(found, key=lambda now: not now.expected_open))


def _conflict(definition: Definition, key: str) -> str | None:
    return definition.conflicts[key].text if key in definition.conflicts else None


def _number_now(definition: Definition, number: Number, at: datetime) -> NumberNow:
    zone = ZoneInfo(definition.head.zone)
    hours = opening_hours(number.hours, definition.head.zone, definition.head.country)
    local = at.astimezone(zone)
    is_open = bool(hours.is_open(local))
    change = hours.next_change(local)
    change = change.astimezone(UTC) if change is not None else None
    return NumberNow(
        number=number.number,
        is_open=is_open if number.hours_confirmed else None,
        expected_open=is_open,
        hours=number.hours,
        hours_confirmed=number.hours_confirmed,
        closes_at=change if is_open else None,
        opens_at=None if is_open else change,
        conflict=_conflict(definition, number.conflict),
    )
