"""Whatever people do to cases, in any order and at any time, the promises hold after every act."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine
from sqlmodel import col, select

from handlepligt.cases.acknowledge_escalation import acknowledge_escalation
from handlepligt.cases.answer_handover import (
    accept_handover,
    expire_handover,
    reject_handover,
    revoke_handover,
)
from handlepligt.cases.case_state import definition_of, steps_of
from handlepligt.cases.close_case import approve_close, ask_to_close, withdraw_close_request
from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.hand_to_authority import hand_to_authority
from handlepligt.cases.link_sibling import link_sibling
from handlepligt.cases.log_call import log_call
from handlepligt.cases.offer_handover import offer_handover
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.raise_concern import raise_concern
from handlepligt.cases.reopen_case import reopen_case
from handlepligt.cases.set_followup import set_followup
from handlepligt.cases.skip_step import skip_step
from models import Case, CloseRequest, Deadline, HandoverOffer, Staff
from models.session import reading
from protocols.loader import library
from tests.cases.acting import NOTE
from tests.cases.any_case import DENMARK
from tests.cases.lives import SomeLives
from tests.make import DAY, HOUR, MINUTE, MONDAY, WEEK

# `make soak` runs the same for longer: so many times the usual number of lives.
SOAK = int(os.environ.get("HANDLEPLIGT_SOAK", "1"))
LIVES = {"sqlite": 30, "postgresql": 8}
ACTS = 25 if SOAK == 1 else 60

TIMES = [
    timedelta(0),
    timedelta(seconds=1),
    7 * MINUTE,
    31 * MINUTE,
    5 * HOUR,
    DAY,
    4 * DAY,
    3 * WEEK,
    30 * WEEK,
]
BROKEN: list[Any] = [
    "",
    None,
    "banana",
    17,
    ["banana"],
    {"role": "leader"},
    "x" * 20_001,
    "a\x00b",
    "\u202e",
    True,
]
LONGEST_LIFE = 3 * 52 * WEEK
AUTHORITY = {"name": "Politiet", "unit": "Nordjylland", "journal_number": "12", "confirmed_by": "Vagtchefen"}
RANDOM = st.randoms(use_true_random=False)
TRACKS = [None, None, None, "adviser_under_18", "adviser_over_18", "professional", "no_such_track"]
TOWARDS_THE_END = {
    "still_concerned": "no",
    "followup_outcome": "may_end",
    "followup_acute": "no",
    "sparring_needed": "no",
    "acute_is_over": "yes",
    "other_children": "no",
    "child_in_danger": "no",
    "sparring_acute": "no",
}


class Lives(SomeLives):
    """Several people, several cases on all three tracks, and a clock that jumps or stands still."""

    # The acts.

    @rule(length=st.sampled_from(TIMES))
    def time_passes(self, length: timedelta) -> None:
        self.now = min(self.now + length, MONDAY + LONGEST_LIFE)
        # Somebody may have come of age.
        self.changed |= set(self.wakes)

    @precondition(lambda self: len(self.wakes) < 5)
    @rule(rnd=RANDOM)
    def somebody_raises_a_concern(self, rnd: Random) -> None:
        by = rnd.choice([one for one in self.people if one is not self.kim])
        born = rnd.choice([None, date(2009, 5, 1), date(2008, 12, 20), date(2001, 5, 1), date(2030, 1, 1)])
        facts = rnd.choice([{}, {}, {"underretning_received": "no"}, {"underretning_received": "maybe"}])
        age = rnd.choice([timedelta(0), timedelta(0), HOUR, 3 * DAY, 20 * WEEK, -HOUR])
        self.act(
            raise_concern, by=by, citizen_name=rnd.choice(["Amira Opdigtet", "Ø", ""]), summary="Bange 😟",
            birth_date=born, facts=facts, received_at=self.now - age, track=rnd.choice(TRACKS),
        )  # fmt: skip

    @precondition(SomeLives.has_cases)
    @rule(rnd=RANDOM)
    def somebody_completes_a_step(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        open_keys, all_keys = self._steps(case)
        key = rnd.choice(open_keys if open_keys and rnd.random() < 0.9 else [*all_keys, "no_such_step"])
        answers = self._answers(rnd, case, key, {}) if key in all_keys else {}
        if rnd.random() < 0.15:
            answers[rnd.choice([*answers, "no_such_question"])] = rnd.choice(BROKEN)
        by = self.someone(rnd, case.keeper_id)
        self.act(complete_step, by=by, case_id=case.id, step_key=key, answers=answers)

    @precondition(SomeLives.has_cases)
    @rule(rnd=RANDOM, often=st.integers(1, 8), towards_the_end=st.booleans())
    def the_holder_works_on(self, rnd: Random, often: int, towards_the_end: bool) -> None:
        case = self.chosen_case(rnd)
        for _ in range(often):
            keys, _all = self._steps(case)
            with reading(self.engine) as session:
                by = session.get_one(Staff, session.get_one(Case, case.id).keeper_id)
            asked = [key for key in keys if definition_of(case).step(key).questions]
            if not asked:
                break
            key = asked[0] if towards_the_end else rnd.choice(asked)
            answers = self._answers(rnd, case, key, TOWARDS_THE_END if towards_the_end else {})
            self.act(complete_step, by=by, case_id=case.id, step_key=key, answers=answers)
            self.every_promise_holds()

    @precondition(SomeLives.has_cases)
    @rule(rnd=RANDOM)
    def somebody_skips_a_step(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        with reading(self.engine) as session:
            keys = [one.key for one in steps_of(session, case) if one.settled_at is None] or ["discuss"]
        self.act(
            skip_step, by=self.someone(rnd, case.keeper_id), case_id=case.id, step_key=rnd.choice(keys),
            reason=rnd.choice(["Ikke relevant.", "Ikke relevant.", " ", "\x00"]),
        )  # fmt: skip

    @precondition(SomeLives.has_cases)
    @rule(rnd=RANDOM)
    def somebody_presses_acute(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        self.act(press_acute, by=self.someone(rnd, case.keeper_id), case_id=case.id, reason="Truet i dag.")

    @precondition(SomeLives.has_cases)
    @rule(rnd=RANDOM)
    def somebody_logs_a_call(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        self.act(
            log_call, by=self.someone(rnd, case.keeper_id), case_id=case.id,
            contact_key=rnd.choice([*definition_of(case).contacts, "nobody"]),
            outcome=rnd.choice(["answered", "no_answer", "busy", "message_left", "eaten"]),
            called_at=rnd.choice([None, self.now, self.now - MINUTE, self.now + MINUTE]),
        )  # fmt: skip

    @precondition(SomeLives.has_cases)
    @rule(rnd=RANDOM)
    def somebody_offers_the_duty(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        to: dict[str, Any] = {"to_id": rnd.choice(self.people).id}
        if rnd.random() < 0.4:
            to = {"to_pool": rnd.choice(["under_18", "over_18", "banana", ""])}
        self.act(
            offer_handover, by=self.someone(rnd, case.keeper_id), case_id=case.id,
            note=NOTE if rnd.random() < 0.9 else {"situation": ""}, **to,
        )  # fmt: skip

    @precondition(SomeLives.has_cases)
    @rule(
        rnd=RANDOM, verb=st.sampled_from([accept_handover, accept_handover, reject_handover, revoke_handover])
    )
    def somebody_answers_an_offer(self, rnd: Random, verb: Callable[..., Any]) -> None:
        offer = self.chosen(rnd, HandoverOffer, HandoverOffer.offered_at)
        pool = [one.id for one in self.people if offer and one.pool and one.pool == offer.to_pool]
        likely = [offer.by_id] if offer and verb is revoke_handover else [offer.to_id, *pool] if offer else []
        given = {"reason": rnd.choice(["Jeg er syg.", ""])} if verb is reject_handover else {}
        offer_id = offer.id if offer and rnd.random() < 0.95 else "0" * 32
        self.act(verb, by=self.someone(rnd, *likely), offer_id=offer_id, **given)

    @precondition(SomeLives.has_cases)
    @rule(rnd=RANDOM)
    def an_offer_expires(self, rnd: Random) -> None:
        offer = self.chosen(rnd, HandoverOffer, HandoverOffer.offered_at)
        if offer is not None:
            self.act(expire_handover, by=None, offer_id=offer.id)

    @precondition(SomeLives.has_cases)
    @rule(rnd=RANDOM)
    def an_authority_takes_over(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        authority = AUTHORITY if rnd.random() < 0.8 else {"name": "Politiet"}
        by = self.someone(rnd, case.keeper_id)
        self.act(hand_to_authority, by=by, case_id=case.id, authority=authority, note=NOTE)

    @precondition(SomeLives.has_cases)
    @rule(rnd=RANDOM)
    def somebody_sets_the_next_followup(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        on = self.now.astimezone(DENMARK).date() + timedelta(days=rnd.choice([-1, 0, 1, 20, 366, 367]))
        self.act(set_followup, by=self.someone(rnd, case.keeper_id), case_id=case.id, on=on)

    @precondition(SomeLives.has_cases)
    @rule(rnd=RANDOM)
    def somebody_asks_to_close(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        end = rnd.choice([*definition_of(case).ends, "not_concerned", "no_such_end"])
        answers = {"closing_reason": "Ingen fare."}
        if end == "help_in_place":
            answers["closing_help"] = "En kontaktperson."
        if end == "handed_to_authority":
            answers |= {f"authority_{key}": value for key, value in AUTHORITY.items()}
            answers["authority_confirmed_at"] = self.now.isoformat()
        self.act(
            ask_to_close, by=self.someone(rnd, case.keeper_id), case_id=case.id, end_key=end,
            reason="Ingen fare.", has_siblings=rnd.choice(["no", "no", "yes", "unknown"]), answers=answers,
        )  # fmt: skip

    @precondition(SomeLives.has_cases)
    @rule(rnd=RANDOM, verb=st.sampled_from([approve_close, approve_close, withdraw_close_request]))
    def somebody_decides_on_closing(self, rnd: Random, verb: Callable[..., Any]) -> None:
        request = self.chosen(rnd, CloseRequest, CloseRequest.asked_at)
        leaders = [one.id for one in self.people if one.role in ("leader", "coordinator")]
        by = self.someone(rnd, *leaders)
        self.act(verb, by=by, request_id=request.id if request else "0" * 32)

    @precondition(SomeLives.has_cases)
    @rule(rnd=RANDOM)
    def somebody_reopens_a_case(self, rnd: Random) -> None:
        case = self.chosen_case(rnd, closed=True)
        self.act(reopen_case, by=self.someone(rnd, case.keeper_id), case_id=case.id, reason="Ny hændelse.")

    @precondition(SomeLives.has_cases)
    @rule(rnd=RANDOM)
    def somebody_links_a_sibling(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        other: dict[str, Any] = {"reference": self.chosen_case(rnd).reference}
        if rnd.random() < 0.2 and len(self.wakes) < 6:
            other = {"citizen_name": "Samir Opdigtet", "birth_date": date(2012, 2, 29)}
        self.act(link_sibling, by=self.someone(rnd, case.keeper_id), case_id=case.id, **other)

    @precondition(SomeLives.has_cases)
    @rule(rnd=RANDOM)
    def somebody_acknowledges_a_breach(self, rnd: Random) -> None:
        with reading(self.engine) as session:
            rows = session.exec(select(Deadline.id).order_by(col(Deadline.due_at), col(Deadline.key))).all()
        leaders = [one.id for one in self.people if one.role in ("leader", "head")]
        self.act(acknowledge_escalation, by=self.someone(rnd, *leaders), deadline_id=rnd.choice(rows))


@pytest.mark.timeout(600 * SOAK)
def test_the_promises_hold_whatever_people_do(engine: Engine) -> None:
    library()
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        lambda: Lives(engine),
        settings=settings(
            max_examples=LIVES[engine.dialect.name] * SOAK,
            stateful_step_count=ACTS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # Making a failure shorter takes minutes, and what was found can be read as it is.
            phases=[Phase.generate],
            database=None,
            print_blob=True,
        ),
    )
