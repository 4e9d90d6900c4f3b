"""Every message there is, how urgent it is, and its Danish text made from reference, step and times."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from handlepligt.domain.danish_time import full, require_aware
from handlepligt.errors import HandlepligtError

ZONE = "Europe/Copenhagen"
TEMPLATES = Path(__file__).parent / "templates"
# Nothing else may ever appear in a template; a test reads them all.
VARIABLES = frozenset({"reference", "step", "time", "due", "lines", "more"})

_REFERENCE = re.compile(r"[0-9]{4}-[0-9]{6,9}")
# What a step's title can never contain: a CPR number, a phone number, an address on the net.
_SUSPECT = re.compile(r"[0-9]{6}[- ]?[0-9]{4}|(?:[0-9][ .-]?){8,}|@|://|www\.", re.IGNORECASE)
_LONGEST_TITLE = 200


class MessageRefusedError(HandlepligtError):
    """A variable of a message holds something that a message to staff may never contain."""

    user_message = (
        "Beskeden kunne ikke sendes, fordi den indeholdt noget, den ikke må. Kontakt administratoren."
    )


class Urgency(IntEnum):
    """What is sent first."""

    ACUTE = 0
    OVERDUE = 1
    ORDINARY = 2


class Message(StrEnum):
    """The closed catalogue (beskeder). The value names the template and is what a row keeps."""

    urgency: Urgency

    def __new__(cls, key: str, urgency: Urgency = Urgency.ORDINARY) -> Message:
        message = str.__new__(cls, key)
        message._value_ = key
        message.urgency = urgency
        return message

    CONCERN_RAISED = "concern_raised", Urgency.OVERDUE
    DUTY_RECEIVED = "duty_received", Urgency.OVERDUE
    STEP_OPENED = "step_opened", Urgency.ORDINARY
    STEP_BEYOND = "step_beyond", Urgency.OVERDUE
    REMINDER = "reminder", Urgency.ORDINARY
    OVERDUE = "overdue", Urgency.OVERDUE
    OVERDUE_AGAIN = "overdue_again", Urgency.OVERDUE
    ACUTE_PRESSED = "acute_pressed", Urgency.ACUTE
    SAFETY_ROLE_ASKED = "safety_role_asked", Urgency.ACUTE
    SAFETY_ROLE_ACCEPTED = "safety_role_accepted", Urgency.OVERDUE
    HANDOVER_OFFERED = "handover_offered", Urgency.OVERDUE
    HANDOVER_STARTED = "handover_started", Urgency.ORDINARY
    HANDOVER_ACCEPTED = "handover_accepted", Urgency.ORDINARY
    HANDOVER_REJECTED = "handover_rejected", Urgency.OVERDUE
    HANDOVER_REVOKED = "handover_revoked", Urgency.ORDINARY
    HANDOVER_EXPIRED = "handover_expired", Urgency.OVERDUE
    HANDOVER_RENEWED = "handover_renewed", Urgency.OVERDUE
    FOLLOWUP_DUE = "followup_due", Urgency.ORDINARY
    FOLLOWUP_OVERDUE = "followup_overdue", Urgency.OVERDUE
    CLOSE_REQUESTED = "close_requested", Urgency.ORDINARY
    CLOSE_WITHDRAWN = "close_withdrawn", Urgency.ORDINARY
    CLOSE_APPROVED = "close_approved", Urgency.ORDINARY
    CASE_REOPENED = "case_reopened", Urgency.OVERDUE
    SIBLING_LINKED = "sibling_linked", Urgency.ORDINARY
    SUB_CASE_CLOSED = "sub_case_closed", Urgency.ORDINARY
    MIGRATION_PROPOSED = "migration_proposed", Urgency.ORDINARY
    VERSION_CHANGED = "version_changed", Urgency.ORDINARY
    AGE_LIMIT_NEAR = "age_limit_near", Urgency.ORDINARY
    HOLDER_ABSENT = "holder_absent", Urgency.OVERDUE
    ESCALATION = "escalation", Urgency.OVERDUE
    NOBODY_REACHABLE = "nobody_reachable", Urgency.ACUTE
    REFUSED_LOOK = "refused_look", Urgency.OVERDUE
    NOT_DELIVERED = "not_delivered", Urgency.OVERDUE
    MISSED_WHILE_DOWN = "missed_while_down", Urgency.OVERDUE
    CASE_IN_DISORDER = "case_in_disorder", Urgency.OVERDUE
    OPERATION_DISTURBED = "operation_disturbed", Urgency.OVERDUE


@dataclass(frozen=True, slots=True)
class Line:
    """One missed rung in a merged message: which case, which step, when it was due (aware)."""

    reference: str
    step: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Variables:
    """All that a message can say. `at` is the instant it is about (aware).

    `more` counts the lines for which there was no room. Raises MessageRefusedError when made of anything
    but a reference, a plain title and times.
    """

    reference: str = ""
    step: str = ""
    at: datetime | None = None
    lines: tuple[Line, ...] = ()
    more: int = 0

    def __post_init__(self) -> None:
        _check(self.reference, self.step, self.at)
        for line in self.lines:
            _check(line.reference, line.step, line.at)


@dataclass(frozen=True, slots=True)
class MessageText:
    """What the reader sees: one line of subject, a text, and the address of the page to open.

    Each channel shows the link in its own way, so the text does not repeat it.
    """

    subject: str
    text: str
    link: str


def render(message: Message, variables: Variables, *, queued_at: datetime, public_url: str) -> MessageText:
    """The Danish text of `message`. Times are shown as Danish wall time; `public_url` begins the link.

    In a template `due` is the instant the message was queued about, empty when there is none; `time` is
    that instant, or else when the message was queued.

    Raises jinja2.UndefinedError when a template asks for anything but the allowed variables.
    """
    link = f"{public_url}/sager/{variables.reference}" if variables.reference else f"{public_url}/"
    lines = [
        {"reference": each.reference, "step": each.step, "time": full(each.at, ZONE)}
        for each in variables.lines
    ]
    whole = (
        _environment()
        .get_template(f"{message.value}.txt")
        .render(
            reference=variables.reference,
            step=variables.step,
            time=full(variables.at or queued_at, ZONE),
            due=full(variables.at, ZONE) if variables.at else "",
            lines=lines,
            more=variables.more,
        )
    )
    subject, _, text = whole.partition("\n")
    return MessageText(subject.strip(), text.strip(), link)


@functools.cache
def _environment() -> Environment:
    # The texts are plain text; a channel that shows HTML escapes them itself.
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 (plain text)
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _check(reference: str, step: str, at: datetime | None) -> None:
    # The values themselves are not repeated in the error: it goes to the log.
    if reference and not _REFERENCE.fullmatch(reference):
        raise MessageRefusedError("a reference in a message is not of the form 2026-000123")
    if len(step) > _LONGEST_TITLE or not step.isprintable() or _SUSPECT.search(step):
        raise MessageRefusedError("a step's title in a message is too long or holds what it may not")
    if at is not None:
        require_aware(at)
