"""Whatever people do to cases, in any order and at any time, the promises hold after every act."""

import os
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine

from handlepligt.cases.accept_handover import accept_handover
from handlepligt.cases.approve_close import approve_close
from handlepligt.cases.ask_to_close import ask_to_close
from handlepligt.cases.case_state import definition_of
from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.expire_handover import expire_handover
from handlepligt.cases.hand_to_authority import hand_to_authority
from handlepligt.cases.link_sibling import link_sibling
from handlepligt.cases.log_call import log_call
from handlepligt.cases.offer_handover import offer_handover
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.raise_concern import raise_concern
from handlepligt.cases.reject_handover import reject_handover
from handlepligt.cases.reopen_case import reopen_case
from handlepligt.cases.revoke_handover import revoke_handover
from handlepligt.cases.set_followup import set_followup
from handlepligt.cases.skip_step import skip_step
from handlepligt.cases.withdraw_close_request import withdraw_close_request
from models import Case, CloseRequest, HandoverOffer, Staff
from tests.cases.acting import NOTE
from tests.cases.any_case import DENMARK
from tests.cases.family import family_in_force
from tests.cases.family_lives import FamilyLives
from tests.make import DAY, HOUR, MINUTE, MONDAY, WEEK

# `make soak` runs the same for longer: so many times the usual number of lives.
SOAK = int(os.environ.get("HANDLEPLIGT_SOAK", "1"))
LIVES = {"sqlite": 18, "postgresql": 6}
ACTS = 25 if SOAK == 1 else 60

MINUTES = [0, 1 / 60, 7, 31, 300, 24 * 60, 4 * 24 * 60, 3 * 7 * 24 * 60, 30 * 7 * 24 * 60]
LONGEST_LIFE = 3 * 52 * WEEK
BROKEN: list[Any] = ["", None, "banana", 17, ["banana"], {"role": "leader"}, "x" * 20_001, "a\x00b", "\u202e"]
AUTHORITY = {"name": "Politiet", "unit": "Nordjylland", "journal_number": "12", "confirmed_by": "Vagtchefen"}
TRACKS = [None, None, None, "adviser_under_18", "adviser_over_18", "professional", "family", "no_such_track"]
# How often each of the acts below is done, one against the other.
OFTEN = {
    "time_passes": 8,
    "somebody_raises_a_concern": 2,
    "somebody_completes_a_step": 6,
    "the_holder_works_on": 6,
    "a_case_is_led_to_its_end": 4,
    "somebody_skips_a_step": 2,
    "somebody_presses_acute": 3,
    "somebody_logs_a_call": 1,
    "somebody_offers_the_duty": 4,
    "somebody_answers_an_offer": 5,
    "an_offer_expires": 2,
    "an_authority_takes_over": 2,
    "somebody_sets_the_next_followup": 1,
    "somebody_asks_to_close": 1,
    "somebody_decides_on_closing": 2,
    "somebody_reopens_a_case": 3,
    "somebody_links_a_sibling": 1,
    "somebody_links_a_person": 3,
    "somebody_corrects_or_unlinks_a_person": 2,
    "somebody_corrects_a_fact": 2,
    "somebody_ticks_an_item": 2,
    "somebody_goes_past_a_role": 1,
    "somebody_acknowledges_a_breach": 1,
}
OPTIONAL = ("sparring", "ordinary_letter", "citizen_conversation", "look_after", "pack", "court")
TOWARDS_THE_END = {
    "still_concerned": "no", "followup_outcome": "may_end", "followup_acute": "no", "sparring_needed": "no",
    "sparring_acute": "no", "child_in_danger": "no", "acute_is_over": "yes", "responsible_reached": "yes",
    "other_children": "no", "safe_stay_needed": "no", "underretning_needed": "no", "interpreter": "none",
    "meeting_place": "office",
}  # fmt: skip


class Lives(FamilyLives):
    """Several people, several cases on all tracks, and a clock that jumps or stands still."""

    # The acts.

    @initialize(seed=st.integers(0, 2**32))
    def some_cases_are_raised(self, seed: int) -> None:
        rnd = Random(seed)
        for by, born in zip(self.people[1:4], [None, date(2001, 5, 1), date(2009, 5, 1)], strict=True):
            facts = rnd.choice([{}, {"underretning_received": "no"}]) if born is None else {}
            self.act(
                raise_concern, by=by, citizen_name="Amira Opdigtet", summary="Bange.", birth_date=born,
                facts=facts,
            )  # fmt: skip
        self.act(
            raise_concern, by=self.people[0], citizen_name="Sara Opdigtet", summary="Bange.", track="family"
        )

    @rule(seed=st.integers(0, 2**32))
    def somebody_does_something(self, seed: int) -> None:
        # The search likes to draw the same number again, which shall not mean the same act.
        self.acts += 1
        rnd = Random(f"{seed}:{self.acts}")
        (name,) = rnd.choices(list(OFTEN), list(OFTEN.values()))
        note(name)
        getattr(self, name)(rnd)

    def time_passes(self, rnd: Random) -> None:
        minutes = rnd.choice(MINUTES)
        self.now = min(self.now + minutes * MINUTE, MONDAY + LONGEST_LIFE)
        # Somebody may have come of age.
        self.changed |= set(self.wakes)

    def somebody_raises_a_concern(self, rnd: Random) -> None:
        if len(self.wakes) >= 6:
            return
        by = rnd.choice([one for one in self.people if one is not self.kim])
        born = rnd.choice([None, date(2009, 5, 1), date(2008, 12, 20), date(2001, 5, 1), date(2030, 1, 1)])
        facts = rnd.choice([{}, {}, {"underretning_received": "no"}, {"underretning_received": "maybe"}])
        age = rnd.choice([timedelta(0), timedelta(0), HOUR, 3 * DAY, 20 * WEEK, -HOUR])
        self.act(
            raise_concern, by=by, citizen_name=rnd.choice(["Amira Opdigtet", "Ø", ""]), summary="Bange 😟",
            birth_date=born, facts=facts, received_at=self.now - age, track=rnd.choice(TRACKS),
        )  # fmt: skip

    def somebody_completes_a_step(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        found, all_keys = self._rounds(case), list(definition_of(case).steps)
        anything = [(key, rnd.choice(["", "0" * 32, "\x00"])) for key in [*all_keys, "no_such_step"]]
        key, person = rnd.choice(found if found and rnd.random() < 0.9 else anything)
        answers = self._answers(rnd, case, key, {}, person) if key in all_keys else {}
        if rnd.random() < 0.15:
            answers[rnd.choice([*answers, "no_such_question"])] = rnd.choice(BROKEN)
        by = self.someone(rnd, case.keeper_id, self.people[-1].id)
        self.act(complete_step, by=by, case_id=case.id, step_key=key, answers=answers, person=person)

    def the_holder_works_on(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        for _ in range(rnd.randint(1, 8)):
            self._work(rnd, case, {})

    def a_case_is_led_to_its_end(self, rnd: Random) -> None:
        verb = rnd.choice([None, approve_close, approve_close, withdraw_close_request])
        case = self.chosen_case(rnd)
        for _ in range(25):
            if not self._work(rnd, case, TOWARDS_THE_END):
                break
        by = self.holder(case)
        ended = "not_concerned" if rnd.random() < 0.8 else "help_in_place"
        request = self._ask(case, by, "over" if case.track == "family" else ended, "no")
        self.every_promise_holds()
        if verb is not None and request is not None:
            self.act(verb, by=self.someone(rnd, *self.leaders), request_id=request.id)

    def _work(self, rnd: Random, case: Case, chosen: dict[str, Any]) -> bool:
        """The holder completes one open step, if any can be."""
        definition = definition_of(case)
        asked = [one for one in self._rounds(case) if definition.step(one[0]).questions]
        if not asked:
            return False
        key, person = asked[0] if chosen else rnd.choice(asked)
        answers = self._answers(rnd, case, key, chosen, person)
        done = self.act(
            complete_step, by=self.doer(case, key), case_id=case.id, step_key=key, answers=answers,
            person=person,
        )  # fmt: skip
        self.every_promise_holds()
        return done is not None

    def somebody_skips_a_step(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        found = self._rounds(case) or [("discuss", "")]
        optional = [
            one
            for one in found
            if one[0]
            in ("sparring", "ordinary_letter", "citizen_conversation", "look_after", "pack", "court")
        ]
        key, person = rnd.choice(optional or found)
        self.act(
            skip_step, by=self.someone(rnd, case.keeper_id), case_id=case.id, step_key=key, person=person,
            reason=rnd.choice(["Ikke relevant.", "Ikke relevant.", " ", "\x00"]),
        )  # fmt: skip

    def somebody_presses_acute(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        self.act(press_acute, by=self.someone(rnd, case.keeper_id), case_id=case.id, reason="Truet i dag.")

    def somebody_logs_a_call(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        self.act(
            log_call, by=self.someone(rnd, case.keeper_id), case_id=case.id,
            contact_key=rnd.choice([*definition_of(case).contacts, "nobody"]),
            outcome=rnd.choice(["answered", "no_answer", "busy", "message_left", "eaten"]),
            called_at=rnd.choice([None, self.now, self.now - MINUTE, self.now + MINUTE]),
        )  # fmt: skip

    def somebody_offers_the_duty(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        fitting = {"adviser_over_18": ["over_18"], "adviser_under_18": ["under_18"]}.get(
            case.track, ["under_18", "over_18"]
        )
        likely = [one.id for one in self.people if one.pool in fitting and one.id != case.keeper_id]
        to: dict[str, Any] = {"to_id": self.someone(rnd, *likely).id}
        if rnd.random() < 0.4:
            to = {"to_pool": rnd.choice([*fitting, *fitting, "under_18", "banana", ""])}
        self.act(
            offer_handover, by=self.someone(rnd, case.keeper_id), case_id=case.id,
            note=NOTE if rnd.random() < 0.9 else {"situation": ""}, **to,
        )  # fmt: skip

    def somebody_answers_an_offer(self, rnd: Random) -> None:
        verb = rnd.choice([accept_handover, accept_handover, reject_handover, revoke_handover])
        offer = self.chosen(rnd, HandoverOffer, HandoverOffer.offered_at, "offered")
        pool = [one.id for one in self.people if offer and one.pool and one.pool == offer.to_pool]
        likely = [offer.by_id] if offer and verb is revoke_handover else [offer.to_id, *pool] if offer else []
        given = {"reason": rnd.choice(["Jeg er syg.", ""])} if verb is reject_handover else {}
        offer_id = offer.id if offer and rnd.random() < 0.95 else "0" * 32
        self.act(verb, by=self.someone(rnd, *likely), offer_id=offer_id, **given)

    def an_offer_expires(self, rnd: Random) -> None:
        offer = self.chosen(rnd, HandoverOffer, HandoverOffer.offered_at)
        if offer is not None:
            if rnd.random() < 0.5:
                self.now = max(self.now, offer.expires_at)
            self.act(expire_handover, by=None, offer_id=offer.id)

    def an_authority_takes_over(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        authority = AUTHORITY if rnd.random() < 0.8 else {"name": "Politiet"}
        by = self.someone(rnd, case.keeper_id)
        self.act(hand_to_authority, by=by, case_id=case.id, authority=authority, note=NOTE)

    def somebody_sets_the_next_followup(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        on = self.now.astimezone(DENMARK).date() + timedelta(days=rnd.choice([-1, 0, 1, 20, 366, 367]))
        self.act(set_followup, by=self.someone(rnd, case.keeper_id), case_id=case.id, on=on)

    def somebody_asks_to_close(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        end = rnd.choice([*definition_of(case).ends, "not_concerned", "no_such_end"])
        siblings = rnd.choice(["no", "no", "yes", "unknown"])
        self._ask(case, self.someone(rnd, case.keeper_id), end, siblings)

    def _ask(self, case: Case, by: Staff, end: str, has_siblings: str) -> Any:
        answers = {"over_why" if end == "over" else "closing_reason": "Ingen fare."}
        if end == "help_in_place":
            answers["closing_help"] = "En kontaktperson."
        return self.act(
            ask_to_close, by=by, case_id=case.id, end_key=end, reason="Ingen fare.",
            has_siblings=has_siblings, answers=answers,
        )  # fmt: skip

    def somebody_decides_on_closing(self, rnd: Random) -> None:
        verb = rnd.choice([approve_close, approve_close, withdraw_close_request])
        request = self.chosen(rnd, CloseRequest, CloseRequest.asked_at, "waiting")
        self.act(verb, by=self.someone(rnd, *self.leaders), request_id=request.id if request else "0" * 32)

    def somebody_reopens_a_case(self, rnd: Random) -> None:
        case = self.chosen_case(rnd, closed=True)
        self.act(reopen_case, by=self.someone(rnd, case.keeper_id), case_id=case.id, reason="Ny hændelse.")

    def somebody_links_a_sibling(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        other: dict[str, Any] = {"reference": self.chosen_case(rnd).reference}
        if rnd.random() < 0.2 and len(self.wakes) < 6:
            other = {"citizen_name": "Samir Opdigtet", "birth_date": date(2012, 2, 29)}
        self.act(link_sibling, by=self.someone(rnd, case.keeper_id), case_id=case.id, **other)


@pytest.mark.slow
@pytest.mark.timeout(600 * SOAK)
def test_the_promises_hold_whatever_people_do(engine: Engine) -> None:
    with family_in_force():
        _live(engine)


def _live(engine: Engine) -> None:
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
