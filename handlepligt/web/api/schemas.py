"""What programs may send: strict, so that a misspelt field is refused instead of ignored."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    WithJsonSchema,
)

from handlepligt.cases.log_call import OUTCOMES
from handlepligt.cases.raise_concern import LONGEST_NAME
from handlepligt.domain import wording
from handlepligt.domain.vocabulary import BypassReason

LARGEST_PAGE = 200
MOST_FIELDS = 100
# Further away than any case, and well inside what calendars and opening hours can count with.
YEARS = range(1900, 2200)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII | re.IGNORECASE
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _instant(written: object) -> object:
    if isinstance(written, str) and _INSTANT.fullmatch(written):
        try:
            instant = datetime.fromisoformat(written.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            instant = None
        if instant is not None and instant.year in YEARS:
            return instant
    raise ValueError("Skriv tidspunktet med tidszone, for eksempel 2026-11-27T16:55:00+01:00.")


def _day(written: object) -> object:
    if isinstance(written, str) and _DAY.fullmatch(written):
        try:
            return date.fromisoformat(written)
        except ValueError:
            pass
    raise ValueError("Skriv datoen som 2026-11-27.")


def _day_or_instant(written: object) -> object:
    return _day(written) if isinstance(written, str) and len(written) <= 10 else _instant(written)


def _fact_value(written: object) -> object:
    if isinstance(written, bool) or not isinstance(written, str | int | float | None):
        raise ValueError("Skriv en tekst eller et tal.")
    if isinstance(written, str) and len(written) > wording.LINE:
        raise ValueError(f"Teksten må højst være på {wording.LINE} tegn.")
    return written


def _truth(written: object) -> object:
    if written in ("true", "false"):
        return written == "true"
    raise ValueError("Skriv true eller false.")


def one_of(*words: str) -> Any:
    """Says in the schema which words there are; the use case refuses others with a better sentence."""
    return WithJsonSchema({"type": "string", "enum": list(words)})


Instant = Annotated[datetime, BeforeValidator(_instant)]
Day = Annotated[date, BeforeValidator(_day)]
DayOrInstant = Annotated[date | datetime, BeforeValidator(_day_or_instant)]
Truth = Annotated[bool, BeforeValidator(_truth)]
Letter = Annotated[str, StringConstraints(min_length=1, max_length=wording.LETTER)]
Note = Annotated[str, StringConstraints(max_length=wording.LETTER)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=wording.LINE)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]
# Keys of protocols, teams and people, and nothing a database would choke on.
Word = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9._-]+$")]
Cursor = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")]
# Ids of rows; empty where the case itself is meant.
Id = Annotated[str, StringConstraints(max_length=32, pattern=r"^[0-9a-f]*$")]
FactValue = Annotated[str | int | float | None, BeforeValidator(_fact_value)]
Facts = Annotated[dict[str, FactValue], Field(max_length=MOST_FIELDS)]
Limit = Annotated[int, Field(ge=1, le=LARGEST_PAGE)]


class Body(BaseModel):
    """What comes in: unknown fields are refused by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Body):
    """An act that needs no more to be said."""


class NewCitizen(Body):
    """Whom the concern is about. There is no field for an address, and no other way to send one."""

    name: Name
    cpr: Annotated[str, StringConstraints(max_length=20)] | None = None
    birth_date: Day | None = None


class NewCase(Body):
    """A concern. Without a track the one that fits age and role is taken; `team` may only be one's own."""

    citizen: NewCitizen
    summary: Letter
    track: Word | None = None
    received_at: Instant | None = None
    team: Word | None = None
    facts: Facts = {}


class Answers(Body):
    """Answers by the keys of the step's questions; a member of staff is {"role": ..., "staff": username}.

    A form is {"items": {item: choice, or {time: choice}}, "notes": ..., "override": .., "reason": ..} or with
    "overall"; agreed actions are [{"what": .., "who": text or role, "by": day}]. `person` is the id of the
    linked person the round is about, where there is one.
    """

    answers: Annotated[dict[str, Any], Field(max_length=MOST_FIELDS)] = {}
    person: Id = ""


class Reason(Body):
    """Why."""

    reason: Letter


class Skip(Reason):
    """Why a round is not applicable, and about whom it is."""

    person: Id = ""


class TakeUp(Body):
    """About whom the step is that is taken up again; empty for the case itself."""

    person: Id = ""


class Tick(Body):
    """An item of the checklist of a round, ticked or not."""

    item: Word
    done: StrictBool = True
    person: Id = ""


class NewPerson(Body):
    """Who is linked. There is no field for an address or a number, and no other way to send one."""

    relation: Word
    name: Name
    facts: Facts = {}


class PersonCorrection(Reason):
    """What is known of a person after all; "unknown" takes an answer back."""

    facts: Facts


class FactCorrection(Reason):
    """A fact of the case as it is after all; "unknown" takes the answer back."""

    fact: Word
    value: FactValue


class NewBypass(Body):
    """The role gone past and why; `tried_at` where its people do not answer."""

    role: Word
    reason: Annotated[str, StringConstraints(max_length=20), one_of(*BypassReason)]
    tried_at: Instant | None = None
    note: Note = ""


class NewExtension(Reason):
    """Why a deadline is made longer; without `until`, a day or an instant, as far as it goes."""

    until: DayOrInstant | None = None


class Lift(Reason):
    """The graver outcome of a form."""

    band: Word
    person: Id = ""


class Acute(Body):
    """Why it is acute; may be left out when seconds count."""

    reason: Annotated[str, StringConstraints(max_length=wording.LINE)] = ""


class NewCall(Body):
    """A call to a contact of the protocol; without a time it was just now."""

    contact: Word
    outcome: Annotated[str, StringConstraints(max_length=20), one_of(*OUTCOMES)]
    called_at: Instant | None = None
    note: Note = ""


class HandoverNote(Body):
    """What the next one must know."""

    situation: Letter
    risk: Letter
    next_action: Letter
    avoid: Letter


class Authority(Body):
    """An outside authority that has accepted the duty."""

    name: Line
    unit: Line
    journal_number: Line
    confirmed_by: Line


class NewHandover(Body):
    """Exactly one of `to` (a username), `pool` and `authority`."""

    to: Word | None = None
    pool: Word | None = None
    authority: Authority | None = None
    note: HandoverNote


class NewFollowup(Body):
    """The local day of the next follow-up."""

    on: Day
    note: Note = ""


class NewCloseRequest(Body):
    """Why and how the case can end; `has_siblings` must be known."""

    end: Word
    reason: Letter
    has_siblings: Annotated[str, StringConstraints(max_length=10), one_of("yes", "no")]
    answers: Annotated[dict[str, Any], Field(max_length=MOST_FIELDS)] = {}


class NewSibling(Body):
    """Another case by its reference, or another child about whom a linked concern is raised."""

    reference: Annotated[str, StringConstraints(min_length=1, max_length=20)] | None = None
    citizen: NewCitizen | None = None
    summary: Letter | None = None


class CaseFilter(Body):
    """Which cases to list; `holder` is a username, `status` may also be "open"."""

    status: Word | None = None
    team: Word | None = None
    track: Word | None = None
    holder: Word | None = None
    overdue: Truth | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


class PageOf(Body):
    """Which part of a list."""

    cursor: Cursor | None = None
    limit: Limit = 50


class Moment(Body):
    """An instant; without one it is now."""

    at: Instant | None = None


class WhoToCall(Body):
    """Whom can somebody of this age on this track call, and when."""

    track: Word
    age: Annotated[int, Field(ge=0, le=130)] | None = None
    at: Instant | None = None
