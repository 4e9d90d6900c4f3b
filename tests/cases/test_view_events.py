"""The chronology says in words what was done about people, facts, lists and roles, and names nobody."""

from handlepligt.cases.bypass_role import bypass_role
from handlepligt.cases.case_state import definition_of
from handlepligt.cases.correct_fact import correct_fact
from handlepligt.cases.correct_person import correct_person
from handlepligt.cases.link_person import link_person
from handlepligt.cases.tick_item import tick_item
from handlepligt.cases.view_events import event_lines
from models import Case
from models.session import reading
from tests.cases.acting import Stage


def test_each_new_kind_of_event_is_told_in_words(stage: Stage, talked_case: Case) -> None:
    mia, given = stage.house.mia, {"case_id": talked_case.id}
    person = stage.do(link_person, by=mia, relation="sibling", name="Samir Opdigtet", **given)
    facts = {"in_danger": "no"}
    stage.do(correct_person, by=mia, person_id=person.id, facts=facts, reason="Skolen ringede.")
    stage.do(correct_fact, by=mia, fact="at_home", value="no", reason="Flyttet.", **given)
    stage.do(tick_item, by=mia, step_key="pack", item="papers", done=True, **given)
    stage.do(bypass_role, by=mia, role="boss", reason="disagrees", **given)

    with reading(stage.engine) as session:
        case = session.get_one(Case, talked_case.id)
        lines = event_lines(session, case, definition_of(case), {mia.id or 0: mia.name})

    told = {(one.what, one.about) for one in lines if not one.is_quiet}
    assert {
        ("Person tilknyttet", "Søskende"),
        ("Oplysning om person rettet", "Er barnet i fare?"),
        ("Oplysning i sagen rettet", "Bor hun hjemme?"),
        ("Punkt på tjekliste ændret", "Pak det vigtigste, Pas og papirer: flueben sat"),
        ("Gået videre til den næste i rækken", "Nærmeste leder er uenig"),
    } <= told
    assert "Samir" not in repr(lines)
