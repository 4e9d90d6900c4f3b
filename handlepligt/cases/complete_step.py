"""Completes a step (trin): checks the answers and the gates, and opens what follows, in one transaction."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlepligt.cases.case_state import state_of
from handlepligt.cases.gates import refuse_if_forbidden
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.override_form import refuse_lifting_by_others
from handlepligt.cases.people import resolve
from handlepligt.cases.press_acute import end_acute, is_interrupted, start_acute
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.cases.rounds import about, round_in_hand, was_done_by
from handlepligt.cases.set_followup import move_followup
from handlepligt.domain import wording
from handlepligt.domain.vocabulary import EventKind, StepStatus
from handlepligt.errors import InvalidInputError, RefusedByRuleError
from models import Case, CaseStep, Citizen, Staff
from protocols.answers import may_be_ahead, read_answers
from protocols.definition import Definition
from protocols.engine import effects
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType
from protocols.kinds.rule import Act
from protocols.roles import Holder, Raiser
from protocols.state import AnswerValue
from protocols.times_ahead import too_far_ahead
from protocols.world import World

EARLIEST_ANSWER = date(2000, 1, 1)
FURTHEST_ANSWER = timedelta(days=3653)
# The clock of a browser and that of the server need not agree to the minute.
CLOCK_SKEW = timedelta(minutes=5)


def complete_step(
    session: Session,
    *,
    case_id: str,
    step_key: str,
    by: Staff,
    now: datetime,
    answers: Mapping[str, object],
    person: str = "",
) -> CaseStep:
    """The open round of the step, now done with these answers, and everything that follows from it.

    `person` is the id of the linked person the round is about, "" for the case itself. Raises
    NotFoundError (no such case or step for `by`), NotAllowedError (`by` neither holds the duty nor owns
    the step), StepNotOpenError, AnswersError naming each question, RefusedByRuleError for a gate of the
    protocol (DESIGN.md, Gates). On any of them nothing is changed.
    """
    case, definition, step = round_in_hand(
        session, case_id=case_id, step_key=step_key, person=person, by=by, now=now
    )
    if step_key in definition.sub_protocols:
        raise RefusedByRuleError(
            f"{step_key}.sub_protocol",
            user_message="Trinnet er udført, når delsagen er lukket. Det skal ikke udføres for sig.",
        )
    state = state_of(session, case, now)
    given = read_answers(definition, step_key, state, answers, person)
    _check_times(definition, step_key, World(definition, state, given, person), given, now)
    _check_people(session, case, definition, step_key, given, by=by, now=now)
    refuse_lifting_by_others(session, case, definition, step_key, given, by=by, now=now)
    _check_case_level(session, case, definition, step_key, given)
    refuse_if_forbidden(
        session, case, definition, state, Act.COMPLETE, by=by, now=now, step_key=step_key, given=given,
        person=person,
    )  # fmt: skip
    _check_decisions(session, case, definition, step, by)

    step.status, step.settled_at, step.settled_by_id = StepStatus.DONE, now, by.id
    step.answers = given
    session.add(step)
    record(session, case, EventKind.STEP_COMPLETED, at=now, by_id=by.id, **about(step))
    _take_effect(session, case, definition, step_key, given, by=by, now=now)
    open_what_follows(session, case=case, definition=definition, now=now, by_id=by.id)
    bring_up_to_date(session, case, now)
    return step


def _check_people(
    session: Session,
    case: Case,
    definition: Definition,
    step_key: str,
    given: Mapping[str, AnswerValue],
    *,
    by: Staff,
    now: datetime,
) -> None:
    problems: dict[str, str] = {}
    for key, value in given.items():
        if not isinstance(value, dict) or set(value) != {"role", "staff"}:
            continue
        role = str(value["role"])
        meant = resolve(session, definition, role, case, now)
        is_self = isinstance(definition.roles[role].expression, Holder | Raiser)
        if value["staff"] == by.id and not is_self:
            # The holder may be the leader's deputy, and four eyes are not two.
            problems[key] = "Vælg en anden end dig selv."
        elif value["staff"] not in [one.id for one in meant]:
            problems[key] = "Personen har ikke den rolle i denne sag. Vælg en på listen."
    if problems:
        raise InvalidInputError(f"people in answers to {step_key} refused", problems=problems)


def _check_times(
    definition: Definition, step_key: str, world: World, given: Mapping[str, AnswerValue], now: datetime
) -> None:
    """Deadlines are met by these times and counted from them, so each must be one that can be.

    A slip of the pen that no calendar knows is refused, and so is something that has not happened yet.
    """
    today = now.astimezone(ZoneInfo(definition.head.zone)).date()
    problems: dict[str, str] = {}
    for key, question in definition.step(step_key).questions.items():
        if question.type not in (QuestionType.DATE, QuestionType.DATETIME) or key not in given:
            continue
        value = str(given[key])
        if not EARLIEST_ANSWER <= date.fromisoformat(value[:10]) <= today + FURTHEST_ANSWER:
            problems[key] = "Datoen skal ligge efter år 2000 og højst ti år frem. Ret den."
        elif not may_be_ahead(question, world) and _is_ahead(question, value, today=today, now=now):
            problems[key] = "Datoen ligger i fremtiden. Skriv, hvornår det skete."
        elif sentence := too_far_ahead(definition, question, value, now):
            problems[key] = sentence
    if problems:
        raise InvalidInputError(f"times in answers to {step_key} refused", problems=problems)


def _is_ahead(question: Question, value: str, *, today: date, now: datetime) -> bool:
    """Whether a stored answer lies after `today`, the local day, or as an instant after `now`."""
    if question.type is QuestionType.DATE:
        return date.fromisoformat(value) > today
    return datetime.fromisoformat(value) > now + CLOCK_SKEW


def _check_case_level(
    session: Session, case: Case, definition: Definition, step_key: str, given: Mapping[str, AnswerValue]
) -> None:
    """General advice is not at case level: its note may not point at the citizen."""
    guarded = [
        key
        for key, question in definition.step(step_key).questions.items()
        if question.not_at_case_level and isinstance(given.get(key), str)
    ]
    if not guarded:
        return
    name = session.get_one(Citizen, case.citizen_id).name
    problems = {
        key: "Noten må ikke indeholde CPR-nummer eller borgerens navn: rådgivningen er generel. Fjern det."
        for key in guarded
        if wording.points_at(str(given[key]), name)
    }
    if problems:
        raise InvalidInputError(f"answers to {step_key} are at case level", problems=problems)


def _check_decisions(session: Session, case: Case, definition: Definition, step: CaseStep, by: Staff) -> None:
    for decision in definition.step(step.key).decisions.values():
        other = decision.not_same_person_as
        if other and was_done_by(session, case, other, step, by):
            raise RefusedByRuleError(
                f"{step.key}.{decision.key}",
                user_message="Beslutningen skal træffes af en anden end den, der udførte det tidligere trin.",
            )


def _take_effect(
    session: Session,
    case: Case,
    definition: Definition,
    step_key: str,
    given: Mapping[str, AnswerValue],
    *,
    by: Staff,
    now: datetime,
) -> None:
    set_in_motion = effects(definition, step_key, given)
    if set_in_motion.acute:
        start_acute(session, case, definition, by=by, now=now)
    # Acute may have been pressed again since; then the danger is not over until that is dealt with.
    if set_in_motion.acute_over and case.is_acute and not is_interrupted(session, case, definition):
        end_acute(session, case, by=by, now=now)
    if set_in_motion.next_followup is None:
        return
    try:
        move_followup(session, case, on=set_in_motion.next_followup, by=by, now=now)
    except InvalidInputError as error:
        asked = definition.step(step_key).questions
        keys = [key for key in given if asked[key].sets.next_followup]
        raise InvalidInputError(problems=dict.fromkeys(keys, error.user_message)) from None
