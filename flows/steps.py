"""The task that mirrors one round of one step: Prefect shows it, the case database already knows it."""

from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlmodel import Session, col, select

from flows.case_database import case_engine
from flows.only_ids import only_ids
from handlepligt.cases.case_state import definition_of
from handlepligt.cases.open_case import lock_case
from handlepligt.cases.open_step import open_what_follows
from handlepligt.clock import now
from models import Case, CaseStep
from models.session import writing

# A busy database is over in a moment; trying again inside the task keeps one task run per step.
RETRY_AFTER_SECONDS = [0.5, 2]
# Key and number of a round, and the opaque id of the person it is about ("" when about the case).
Round = tuple[str, int, str]


@task(
    name="trin",
    persist_result=False,
    cache_policy=NO_CACHE,
    retries=len(RETRY_AFTER_SECONDS),
    retry_delay_seconds=RETRY_AFTER_SECONDS,
)
@only_ids
def mirror_step(case_id: str, key: str, round: int, person: str = "") -> None:
    """Make sure that round `round` of step `key` is open (or was), and write that Prefect has seen it.

    `person` is the opaque id of the linked person the round is about, "" when it is about the case.
    One transaction, and doing it twice changes nothing: an execution that was killed is simply begun again.
    Raises MirrorError, which says no more than the kind of error and the case's id.
    """
    with writing(case_engine()) as session:
        at = now()
        case = lock_case(session, case_id)
        open_the_rest(session, case, at)
        step = session.exec(
            select(CaseStep).where(
                CaseStep.case_id == case_id,
                CaseStep.key == key,
                CaseStep.round == round,
                CaseStep.person == person,
            )
        ).first()
        # Whoever took the case back to an earlier version a moment ago took the round back with it.
        if step is not None and step.mirrored_at is None:
            step.mirrored_at = at


def open_the_rest(session: Session, case: Case, at: datetime) -> None:
    """Open what the protocol says follows, with deadlines, ladder and messages.

    The same function that the human act calls in its own transaction: whoever comes first does it, the other
    finds it done. A closed case opens nothing.
    """
    if case.closed_at is None:
        open_what_follows(session, case=case, definition=definition_of(case), now=at, by_id=None)


def unmirrored(session: Session, case_id: str) -> list[Round]:
    """The rounds Prefect has not seen, settled or not, in the order of their opening."""
    rows = (
        select(CaseStep.key, CaseStep.round, CaseStep.person)
        .where(CaseStep.case_id == case_id, col(CaseStep.mirrored_at).is_(None))
        .order_by(col(CaseStep.sequence), col(CaseStep.key), col(CaseStep.round))
    )
    return [(key, number, person) for key, number, person in session.exec(rows)]


def shown_names(session: Session, case_id: str) -> frozenset[str]:
    """The names of the task runs of the rounds that are there and that Prefect has seen."""
    rounds = select(CaseStep.key, CaseStep.round, CaseStep.person).where(
        CaseStep.case_id == case_id, col(CaseStep.mirrored_at).is_not(None)
    )
    return frozenset(run_name(*one) for one in session.exec(rounds))


def run_name(key: str, round: int, person: str = "") -> str:
    """What the task run of a round is called; a round about a linked person bears their opaque id too."""
    return ":".join(filter(None, (key, str(round), person)))
