"""What people do at random about linked people, facts, checklists, roles gone past and breaches."""

from random import Random

from sqlmodel import col, select

from handlepligt.cases.acknowledge_escalation import acknowledge_escalation
from handlepligt.cases.bypass_role import bypass_role
from handlepligt.cases.case_state import definition_of
from handlepligt.cases.correct_fact import correct_fact
from handlepligt.cases.correct_person import correct_person
from handlepligt.cases.link_person import link_person
from handlepligt.cases.tick_item import tick_item
from handlepligt.cases.unlink_person import unlink_person
from handlepligt.domain.vocabulary import BypassReason
from models import Deadline, LinkedPerson
from models.session import reading
from tests.cases.lives import SomeLives
from tests.make import HOUR


class FamilyLives(SomeLives):
    """Acts that matter most on the invented protocol of family.py."""

    def somebody_links_a_person(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        self.act(
            link_person, by=self.someone(rnd, case.keeper_id), case_id=case.id,
            relation=rnd.choice(["sibling", "sibling", "sibling", "partner", "cousin"]),
            name=rnd.choice(["Samir Opdigtet", "Æ", "Æ", ""]),
            facts=rnd.choice([{}, {"in_danger": "no"}, {"in_danger": "yes"}, {"in_danger": "maybe"}]),
        )  # fmt: skip

    def somebody_corrects_or_unlinks_a_person(self, rnd: Random) -> None:
        person = self.chosen(rnd, LinkedPerson, LinkedPerson.linked_at)
        if person is None:
            return
        case = self.case_of(person.case_id)
        who = {"by": self.someone(rnd, case.keeper_id), "person_id": person.id, "reason": "Ny viden."}
        if rnd.random() < 0.3:
            self.act(unlink_person, **who)
        else:
            facts = rnd.choice([{"in_danger": "no"}, {"in_danger": "yes"}, {"in_danger": "unknown"}, {}])
            self.act(correct_person, facts=facts, **who)

    def somebody_corrects_a_fact(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        facts = [*(one.key for one in definition_of(case).intake_facts), "no_such_fact"]
        self.act(
            correct_fact, by=self.someone(rnd, case.keeper_id), case_id=case.id, fact=rnd.choice(facts),
            value=rnd.choice(["yes", "no", "no", "unknown", "banana", "2026-11-01"]), reason="Ny viden.",
        )  # fmt: skip

    def somebody_ticks_an_item(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        found = [one for one in self._rounds(case) if definition_of(case).step(one[0]).checklist]
        key, person = rnd.choice(found) if found else ("discuss", "")
        items = definition_of(case).step(key).checklist.items if found else {}
        self.act(
            tick_item, by=self.someone(rnd, case.keeper_id), case_id=case.id, step_key=key, person=person,
            item=rnd.choice([*items, "no_such_item"]), done=rnd.random() < 0.8,
        )  # fmt: skip

    def somebody_goes_past_a_role(self, rnd: Random) -> None:
        case = self.chosen_case(rnd)
        tried_at = rnd.choice([None, self.now, self.now - 2 * HOUR, self.now + HOUR])
        self.act(
            bypass_role, by=self.someone(rnd, case.keeper_id), case_id=case.id,
            role=rnd.choice([*definition_of(case).roles, "nobody"]),
            reason=rnd.choice([*BypassReason, "bored"]), tried_at=tried_at,
        )  # fmt: skip

    def somebody_acknowledges_a_breach(self, rnd: Random) -> None:
        with reading(self.engine) as session:
            rows = session.exec(select(Deadline.id).order_by(col(Deadline.due_at), col(Deadline.key))).all()
        leaders = [one.id for one in self.people if one.role in ("leader", "head")]
        self.act(acknowledge_escalation, by=self.someone(rnd, *leaders), deadline_id=rnd.choice(rows))
