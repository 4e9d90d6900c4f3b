"""Raises a concern (bekymring): the case, its first holder and its first steps, in one transaction."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlepligt.cases.arm_followup import arm_followup
from handlepligt.cases.begin_case import begin_case
from handlepligt.cases.definitions import renewed
from handlepligt.cases.fact_values import facts_of_case, read_facts
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.people import leader_of
from handlepligt.cases.record import bring_up_to_date, local_day, record
from handlepligt.cases.tell import tell
from handlepligt.domain import wording
from handlepligt.domain.access import HouseAction, may_in_the_house
from handlepligt.domain.cpr import age_on, birth_date_of, parse_cpr
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError, NotAllowedError
from models import Case, Citizen, Staff, Team
from models.sealing import blind_index
from notifications.messages import Message
from protocols.definition import Definition
from protocols.loader import library
from protocols.problems import UnknownDefinitionError

EARLIEST_RECEIPT = datetime(2000, 1, 1, tzinfo=UTC)
EARLIEST_BIRTH = date(1900, 1, 1)
LONGEST_NAME = 200


def raise_concern(
    session: Session,
    *,
    by: Staff,
    now: datetime,
    citizen_name: str,
    summary: str,
    cpr: str | None = None,
    birth_date: date | None = None,
    track: str | None = None,
    received_at: datetime | None = None,
    team_id: int | None = None,
    facts: Mapping[str, object] | None = None,
    citizen_notes: str = "",
) -> Case:
    """A new case, held by `by` from the instant it is written.

    `received_at` (aware) is when the municipality heard of it: every deadline runs from there. It may
    lie before `now`, not after it and not before the year 2000. `track` is a protocol's key; without
    it the one that fits age and role is taken. Raises InvalidInputError naming every wrong field, and
    NotAllowedError for somebody whose role raises no concerns.
    """
    if not by.is_active or not may_in_the_house(HouseAction.RAISE_CONCERN, by.role):
        raise NotAllowedError(
            f"staff {by.id} may not raise concerns",
            user_message="Din rolle kan ikke rejse en bekymring. Bed en rådgiver eller fagperson om det.",
        )
    # Which versions new cases take may have changed a moment ago, in another process.
    renewed(session)
    texts = {
        "citizen_name": (wording.tidied(citizen_name), {"limit": LONGEST_NAME, "lines": False}),
        "summary": (wording.tidied(summary), {}),
        "citizen_notes": (wording.tidied(citizen_notes), {"required": False}),
    }
    problems = {
        field: sentence
        for field, (text, rule) in texts.items()
        if (sentence := wording.problem_with(text, **rule)) is not None  # type: ignore[arg-type]
    }
    received_at = received_at or now
    problems |= _problem_of_time(received_at, now)
    cpr, birth_date, wrong = _who(cpr, birth_date, now)
    problems |= wrong
    team, wrong = _team_of(session, by, team_id)
    problems |= wrong
    definition, wrong = _protocol_for(by, track, birth_date, now)
    problems |= wrong
    known, wrong = _facts(definition, facts or {}, now) if definition else ({}, {})
    problems |= wrong
    if problems or definition is None or team is None or by.id is None:
        raise InvalidInputError(problems=problems)

    citizen = Citizen(name_sealed=b"")
    citizen.name = texts["citizen_name"][0]
    if birth_date is not None:
        citizen.birth_date = birth_date.isoformat()
    if cpr:
        citizen.cpr = cpr
        citizen.cpr_index = blind_index(cpr, purpose="cpr")
    if texts["citizen_notes"][0]:
        citizen.notes = texts["citizen_notes"][0]
    session.add(citizen)
    session.flush()
    case = begin_case(
        session,
        definition=definition,
        citizen_id=citizen.id,
        holder_id=by.id,
        team_id=team.id or 0,
        raised_by_id=by.id,
        received_at=received_at,
        now=now,
        summary=texts["summary"][0],
        facts=known,
    )
    record(session, case, EventKind.CONCERN_RAISED, at=now, by_id=by.id, track=case.track)
    open_what_follows(session, case=case, definition=definition, now=now, by_id=by.id)
    arm_followup(session, case, now=now)
    tell(
        session, Message.CONCERN_RAISED, [leader_of(session, case)], case=case, now=now, occasion="raised",
        besides=by.id,
    )  # fmt: skip
    bring_up_to_date(session, case, now)
    case.wake = 1
    return case


def _problem_of_time(received_at: datetime, now: datetime) -> dict[str, str]:
    if received_at.tzinfo is None:
        return {"received_at": "Tidspunktet mangler en tidszone."}
    if received_at > now:
        return {"received_at": "Tidspunktet ligger i fremtiden. Skriv, hvornår bekymringen blev modtaget."}
    if received_at < EARLIEST_RECEIPT:
        return {"received_at": "Tidspunktet ligger før år 2000. Ret det."}
    return {}


def _who(
    cpr: str | None, birth_date: date | None, now: datetime
) -> tuple[str | None, date | None, dict[str, str]]:
    """The normalised CPR number and the date of birth, which must agree and lie in the past."""
    number: str | None = None
    if cpr and cpr.strip():
        try:
            number = parse_cpr(cpr)
        except InvalidInputError as error:
            return None, birth_date, error.problems
        born = birth_date_of(number)
        if birth_date is not None and birth_date != born:
            return (
                None,
                birth_date,
                {"birth_date": "Fødselsdatoen passer ikke til CPR-nummeret. Ret en af dem."},
            )
        birth_date = born
    if birth_date is not None and not EARLIEST_BIRTH <= birth_date <= _today(now):
        field = "cpr" if number else "birth_date"
        return None, None, {field: "Fødselsdatoen skal ligge mellem år 1900 og i dag."}
    return number, birth_date, {}


def _today(now: datetime) -> date:
    """The local day; where protocols of several zones stand together, the earliest."""
    return min(now.astimezone(ZoneInfo(one.head.zone)).date() for one in library().all())


def _team_of(session: Session, by: Staff, team_id: int | None) -> tuple[Team | None, dict[str, str]]:
    if team_id is not None and team_id != by.team_id:
        return None, {"team": "Du kan kun rejse en bekymring i dit eget team. Overdrag sagen bagefter."}
    team = session.get(Team, by.team_id) if by.team_id is not None else None
    if team is None:
        return None, {"team": "Du hører ikke til et team. Bed administratoren om at rette det."}
    return team, {}


def _protocol_for(
    by: Staff, track: str | None, birth_date: date | None, now: datetime
) -> tuple[Definition | None, dict[str, str]]:
    """The newest version of the track that was asked for, or that fits the person and the age."""
    shelf = library()
    wanted: str | None = track
    if wanted is not None:
        try:
            shelf.latest(wanted)
        except UnknownDefinitionError:
            return None, {"track": "Arbejdsgangen findes ikke. Vælg en på listen."}
    age = age_on(birth_date, _today(now)) if birth_date else None
    fitting = shelf.suggest(age, by.role)
    if wanted is None:
        if not fitting:
            return None, {"track": "Ingen arbejdsgang passer til din rolle og borgerens alder."}
        return shelf.latest(fitting[0]), {}
    if wanted not in fitting:
        return None, {
            "track": "Arbejdsgangen passer ikke til din rolle eller borgerens alder. Vælg en anden."
        }
    return shelf.latest(wanted), {}


def _facts(
    definition: Definition, given: Mapping[str, object], now: datetime
) -> tuple[dict[str, object], dict[str, str]]:
    """The intake facts that were answered; an unanswered one stays unknown, with its safe reading."""
    return read_facts(facts_of_case(definition), given, today=local_day(definition, now))
