"""Fills an empty installation with made-up cases that show every status, through the ordinary verbs.

Deterministic: the same `now` gives the same cases. Each case is a little story whose acts are spread
over the weeks before `now`; all stories are played together in the order of time, with the sweep
running in between, so that reminders, breaches and expired offers are as real as the rest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, col, select, update

from handlepligt.cases.accept_handover import accept_handover
from handlepligt.cases.acknowledge_escalation import acknowledge_escalation
from handlepligt.cases.approve_close import approve_close
from handlepligt.cases.ask_to_close import ask_to_close
from handlepligt.cases.case_state import definition_of, steps_of
from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.link_sibling import link_sibling
from handlepligt.cases.log_call import log_call
from handlepligt.cases.offer_handover import offer_handover, waiting_offer
from handlepligt.cases.people import leader_of
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.raise_concern import raise_concern
from handlepligt.cases.reopen_case import reopen_case
from handlepligt.demo.answers import answers_for, plain_answer
from handlepligt.demo.people import DOMAIN, PASSPHRASE, PEOPLE, TEAMS, citizen
from handlepligt.demo.stories import STORIES, Act, Story
from handlepligt.errors import ConfigurationError
from handlepligt.followups.due import next_fire_at
from handlepligt.followups.sweep import sweep
from handlepligt.identity import hash_passphrase
from models import (
    Case,
    CloseRequest,
    Deadline,
    InstallationFact,
    Notification,
    Staff,
    Team,
)
from models.session import reading, writing

# A leader looks at what has passed after a while; the latest breaches nobody has seen yet.
SEEN_AFTER, UNSEEN = timedelta(minutes=50), timedelta(hours=5)
READ_AFTER = timedelta(days=3)
REASON = "Opdigtet: der er kommet trusler i dag."
NOTE = {
    "situation": "Opdigtet demosag: bekymringen er drøftet, og vi er midt i vurderingen.",
    "risk": "Opdigtet: konflikten kan skærpes, hvis familien får noget at vide.",
    "next_action": "Opdigtet: hold den næste samtale på skolen.",
    "avoid": "Opdigtet: ring ikke hjem, og skriv ikke til hjemmet.",
}


def fill_demo(engine: Engine, now: datetime, *, on_progress: Callable[[int, int], None] | None = None) -> int:
    """Makes the demo's teams, staff and cases, as of `now` (aware UTC); returns the number of cases.

    Raises ConfigurationError when the installation holds anything already: demo and real people are
    never mixed.
    """
    with writing(engine) as session:
        if session.exec(select(Staff.id)).first() is not None:
            raise ConfigurationError(
                "demo data go into an empty installation only; choose another HANDLEPLIGT_DATA"
            )
        session.add(InstallationFact(key="mode", value="demo"))
        _hire(session, now)
    playing = [_Playing(number, story) for number, story in enumerate(STORIES)]
    acts = sorted(
        ((now - timedelta(hours=act.hours_ago), one.number, order, act, one)
         for one in playing for order, act in enumerate(one.story.acts)),
        key=lambda each: each[:3],
    )  # fmt: skip
    for done, (at, _number, _order, act, one) in enumerate(acts, start=1):
        _sweep_until(engine, at, present=now)
        with writing(engine) as session:
            _PLAY[act.verb](session, one, act, at)
        if on_progress is not None:
            on_progress(done, len(acts))
    _sweep_until(engine, now, present=now)
    with writing(engine) as session:
        old = col(Notification.at) < now - READ_AFTER
        session.exec(update(Notification).where(old).values(read_at=now - READ_AFTER))
    return len(playing)


def _sweep_until(engine: Engine, until: datetime, *, present: datetime) -> None:
    """Sweeps at each instant at which something fell due; leaders have seen what passed some time ago."""
    while (at := next_fire_at(engine)) is not None and at <= until:
        sweep(engine, now=at)
        if at < present - UNSEEN:
            _acknowledge(engine, at)


def _acknowledge(engine: Engine, at: datetime) -> None:
    with writing(engine) as session:
        passed = session.exec(
            select(Deadline).where(
                col(Deadline.breached_at) < at - SEEN_AFTER,
                col(Deadline.settled_at).is_(None),
                col(Deadline.acknowledged_at).is_(None),
            )
        ).all()
        for deadline in passed:
            leader = leader_of(session, session.get_one(Case, deadline.case_id))
            if leader is not None:
                acknowledge_escalation(session, deadline_id=deadline.id, by=leader, now=at)


def demo_logins(engine: Engine) -> list[tuple[str, str, str]]:
    """User name, name and Danish role of each made-up member of staff, for the start to print."""
    with reading(engine) as session:
        known = set(session.exec(select(Staff.username)))
    return [(one.username, one.name, one.role.danish) for one in PEOPLE if one.username in known]


def _hire(session: Session, now: datetime) -> None:
    teams = {key: Team(key=key, name=name) for key, name in TEAMS.items()}
    session.add_all(teams.values())
    session.flush()
    hashed = hash_passphrase(PASSPHRASE)
    staff = {
        one.username: Staff(
            username=one.username,
            name=one.name,
            role=one.role,
            pool=one.pool,
            team_id=teams[one.team].id if one.team else None,
            email=f"{one.username}@{DOMAIN}",
            phone=f"00 00 00 {number:02d}",
            password_hash=hashed,
            created_at=now - timedelta(days=400),
        )
        for number, one in enumerate(PEOPLE, start=1)
    }
    session.add_all(staff.values())
    session.flush()
    for one in PEOPLE:
        if one.deputy:
            staff[one.username].deputy_id = staff[one.deputy].id


@dataclass
class _Playing:
    number: int
    story: Story
    case_id: str = ""
    others: list[str] = field(default_factory=list)

    def case(self, session: Session) -> Case:
        return session.get_one(Case, self.case_id)

    def keeper(self, session: Session) -> Staff:
        return session.get_one(Staff, self.case(session).keeper_id)


def _staff(session: Session, username: str) -> Staff:
    return session.exec(select(Staff).where(Staff.username == username)).one()


def _raise(session: Session, one: _Playing, act: Act, at: datetime) -> None:
    name, born = citizen(one.number, one.story.age, at.date())
    case = raise_concern(
        session,
        by=_staff(session, one.story.raiser),
        now=at,
        citizen_name=name,
        summary=one.story.summary,
        birth_date=born,
        track=one.story.track,
        received_at=at - timedelta(minutes=one.story.minutes_late),
        facts=one.story.facts,
    )
    one.case_id = case.id


def _complete(session: Session, one: _Playing, act: Act, at: datetime) -> None:
    case = one.case(session)
    definition = definition_of(case)
    open_keys = [step.key for step in steps_of(session, case) if step.settled_at is None]
    for key in act.steps:
        if key in open_keys:
            answers = answers_for(session, case, definition, key, at, act.answers)
            complete_step(
                session, case_id=case.id, step_key=key, by=one.keeper(session), now=at, answers=answers
            )


def _acute(session: Session, one: _Playing, act: Act, at: datetime) -> None:
    press_acute(
        session, case_id=one.case_id, by=one.keeper(session), now=at, reason="Opdigtet: trusler i dag."
    )


def _call(session: Session, one: _Playing, act: Act, at: datetime) -> None:
    contact = next(iter(definition_of(one.case(session)).contacts))
    log_call(
        session,
        case_id=one.case_id,
        by=one.keeper(session),
        now=at,
        contact_key=act.answers.get("contact", contact),
        outcome=act.answers.get("outcome", "answered"),
    )


def _offer(session: Session, one: _Playing, act: Act, at: datetime) -> None:
    offer_handover(
        session,
        case_id=one.case_id,
        by=one.keeper(session),
        now=at,
        note=NOTE,
        to_id=_staff(session, act.to).id if act.to else None,
        to_pool=act.pool or None,
    )


def _accept(session: Session, one: _Playing, act: Act, at: datetime) -> None:
    offer = waiting_offer(session, one.case(session))
    if offer is not None:
        accept_handover(session, offer_id=offer.id, by=_staff(session, act.to), now=at)


def _ask(session: Session, one: _Playing, act: Act, at: datetime) -> None:
    end = act.answers.get("end", "help_in_place")
    fields = definition_of(one.case(session)).ends[end].questions
    ask_to_close(
        session,
        case_id=one.case_id,
        by=one.keeper(session),
        now=at,
        end_key=end,
        reason="Opdigtet: den unge er i sikkerhed, og hjælpen er på plads.",
        has_siblings="no",
        answers={key: plain_answer(question, at) for key, question in fields.items()},
    )


def _approve(session: Session, one: _Playing, act: Act, at: datetime) -> None:
    request = session.exec(
        select(CloseRequest).where(CloseRequest.case_id == one.case_id, CloseRequest.status == "waiting")
    ).one()
    approve_close(session, request_id=request.id, by=_staff(session, act.to), now=at)


def _reopen(session: Session, one: _Playing, act: Act, at: datetime) -> None:
    reopen_case(
        session, case_id=one.case_id, by=one.keeper(session), now=at, reason=REASON
    )  # fmt: skip


def _sibling(session: Session, one: _Playing, act: Act, at: datetime) -> None:
    name, born = citizen(one.number + 7, 12, at.date())
    link_sibling(
        session, case_id=one.case_id, by=one.keeper(session), now=at, citizen_name=name, birth_date=born
    )


_PLAY: Mapping[str, Callable[[Session, _Playing, Act, datetime], None]] = {
    "raise": _raise,
    "complete": _complete,
    "acute": _acute,
    "call": _call,
    "offer": _offer,
    "accept": _accept,
    "ask": _ask,
    "approve": _approve,
    "reopen": _reopen,
    "sibling": _sibling,
}
