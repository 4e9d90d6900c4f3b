"""What stands beside the way in generated definitions: it opens at a gate, and nothing waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.protocols.generated import OTHERS, Author, Doc
from tests.protocols.generated_parts import PARTS, manner


def a_part(author: Author, gate: str, interrupt: str) -> None:
    """Whatever can be a part can stand beside the way too."""
    author.step(author.one_of(PARTS)(author, gate), modality=author.modality())


def per_person(author: Author, gate: str, interrupt: str) -> None:
    relation = _relation(author)
    fact = author.add(
        "facts",
        {"type": "yes_no", "scope": "person", "relations": [relation], "ask": "?", "when_unknown": "yes"},
    )
    about = author.one_of((f'({gate}) && person.{fact} == "yes"', gate))
    author.step(about, per_person=relation, modality=author.modality(), questions=author.questions())
    if author.maybe():
        counted = f'people_with("{fact}", "yes") > {author.number(0, 1)}'
        number = author.add("facts", {"type": "number", "is": f'people("{relation}")', "when_unknown": 0})
        author.step(f"({gate}) && {counted} && fact.{number} > 0", modality="may")


def _relation(author: Author) -> str:
    author.relation = author.relation or author.add("relations", {"title": "Søskende"})
    return author.relation


def by_what_is_known(author: Author, gate: str, interrupt: str) -> None:
    """A step that opens by a number, a text, a date, an age or how much was chosen."""
    ways = ["age == null || age >= 18", "age != null && age < 15", "birth_date_known"]
    asked = author.question(type="number")
    many = author.question(type="choices", choices={"a": "A", "b": "B", "c": "C"})
    first = author.step(gate, questions=asked | many)
    ways += [f"answer.{one} != null && answer.{one} > 5" for one in asked]
    ways += [f"size(answer.{one}) >= 2" for one in many]
    for key, fact in author.section("facts").items():
        if fact.get("scope") != "person":
            ways += {
                "number": [f"fact.{key} >= 3"],
                "text": [f'fact.{key} != ""', f'fact.{key} == ""'],
                "date": [f"fact.{key} != null", f"fact.{key} == null"],
                "choice": [f'fact.{key} in ["no", "home"]', f'fact.{key} == "no"'],
            }.get(fact["type"], [])
    author.step(f'done("{first}") && ({author.one_of(ways)})', modality=author.modality(), **manner(author))


def another_hand(author: Author, gate: str, interrupt: str) -> None:
    """A step for somebody else than whoever did another one."""
    first = author.step(gate)
    author.step(f'done("{first}")', not_same_person_as=first, owner="consultant")


def waiting(author: Author, gate: str, interrupt: str) -> None:
    """While this is open, what came before waits."""
    author.step(gate, pauses=list(author.before), modality=author.modality())


def beside(author: Author, gate: str, interrupt: str) -> None:
    not_here = [{"when": gate, "then": "must_not", "why": "Ikke endnu."}, {"then": "may"}]
    author.step(gate, beside=True, modality=author.one_of(("may", not_here)))


def a_path(author: Author, gate: str, interrupt: str) -> None:
    """When nobody answers in time something else opens."""
    key, date = author.name(), author.name()
    written = author.deadline(f'opened("{key}")', "20 hours") | {
        "at_expiry": author.one_of(("path", "lapse"))
    }
    author.step(gate, key, deadlines={date: written})
    author.step(f'expired("{key}.{date}")', modality=author.modality())


def dates(author: Author, gate: str, interrupt: str) -> None:
    """A step with a date of every base there is."""
    found = ['fact("{}")'.format(author.fact(("date",)))] if author.fact(("date",)) else []
    found += [f'answer("{one}")' for one in author.dates]
    found += ["birthday", "birthday(18)", "handover"] + [f'done("{one}")' for one in author.before]
    more = {author.name(): author.deadline(one, "2 months") for one in author.some_of(found)}
    if author.maybe():
        more[author.name()] = author.deadline("birthday(18)", "10 working days before")
    if any(one.get("moment") == "deed" for one in author.section("facts").values()):
        more[author.name()] = author.deadline("deed", "1 year")
    key = author.name()
    author.step(gate, key, deadlines={author.name(): author.date(key)} | more)


def calls(author: Author, gate: str, interrupt: str) -> None:
    condition = author.one_of(('unanswered("night") >= 2', 'reached("day")', 'bypassed("leader")'))
    author.step(f"({gate}) && {condition}", modality="may")


def actions(author: Author, gate: str, interrupt: str) -> None:
    """What is agreed in one step is ticked in another, each by its day."""
    asked = author.question(type="actions")
    name = next(iter(asked))
    first, key = author.step(gate, questions=asked), author.name()
    each = author.deadline(f'action("{name}")', "1 days")
    each.pop("extension", None)
    author.step(
        f'done("{first}") && answer.{name} > 0',
        key,
        checklist={"from": name, "required": author.one_of(("all", []))},
        deadlines={author.name(): author.date(key), author.name(): each},
    )


def inform(author: Author, gate: str, interrupt: str) -> None:
    key = author.name()
    written: Doc = {"title": "Fortæl det", "whom": "Forældrene", "what": "Sagen", "applies_when": gate}
    written |= {"not": "Adressen", "deadlines": {author.name(): author.date(key)}}
    if author.maybe():
        written["defer"] = {"at_most": "14 days", "times": author.number(1, 3)}
    if author.maybe():
        fact = author.fact(("yes_no",))
        when = f'fact.{fact} == "yes"' if fact else "age == null || age > 3"
        written["never"] = {"when": when} | author.one_of(({}, {"decided_by": author.one_of(OTHERS)}))
    author.add("duties_to_inform", written, key)


def consent(author: Author, gate: str, interrupt: str) -> None:
    key = author.name()
    looks = f'answer.{key} == "refused" || answer.{key} == "not_safe_to_ask"'
    way = author.step(f'done("{key}") && ({looks})', modality=author.modality())
    written: Doc = {"title": "Samtykke", "of": "Borgeren", "to": "At ringe", "asked_when": gate}
    written |= {"on_refusal": [way], "on_not_safe": [way], "deadlines": {author.name(): author.date(key)}}
    if author.maybe():
        written["ask_again_when"] = f'answer.{key} == "not_safe_to_ask" && settled_later("{way}", "{key}")'
        written["at_most"] = 5
    if author.maybe():
        written["per_person"] = _relation(author)
        del written["on_refusal"], written["on_not_safe"]
        written.pop("ask_again_when", None)
        written.pop("at_most", None)
    author.add("consents", written, key)


def meeting(author: Author, gate: str, interrupt: str) -> None:
    key = author.name()
    when: Doc = {"police": {"title": "Politiet", "if": "age == null || age > 12"}}
    written: Doc = {
        "title": "Møde", "called_when": gate, "parts": {"opening": "Velkomst"}, "actions": author.maybe(),
        "members": {"fixed": {"school": "Skolen"}} | ({"when": when} if author.maybe() else {}),
        "deadlines": {author.name(): author.date(key)},
    }  # fmt: skip
    if author.maybe():
        written["chair"] = author.one_of(OTHERS)
    if author.maybe():
        written["repeats"] = {"at_most": 4}
    author.add("meetings", written, key)
    if author.maybe():
        after, held = author.name(), author.deadline(f'meeting("{key}")', "5 days")
        dated = {author.name(): author.date(after), author.name(): held}
        author.step(f'done("{key}")', after, deadlines=dated, modality=author.modality())


def state(author: Author, gate: str, interrupt: str) -> None:
    over = author.step(gate)
    written: Doc = {"title": "Skjult", "what": "Sig det ikke.", "begins_when": gate, "basis": "local"}
    written |= {"ends_when": f'done("{over}")', "at_most": "28 days"}
    key = author.add("temporary_states", written)
    if author.maybe():
        author.doc["temporary_states"][key]["expires_into"] = "path"
        author.step(f'expired("{key}.at_most")', modality="should")


def sub_case(author: Author, gate: str, interrupt: str) -> None:
    if not author.child:
        return
    written: Doc = {"title": "Egen sag", "protocol": author.child, "opens_when": gate}
    written["may_outlive"] = author.maybe()
    if author.maybe():
        written |= {"per_person": _relation(author), "several": author.number(1, 3)}
    if author.maybe():
        written["holder"] = author.one_of(("keeper", "adviser"))
    author.add("sub_protocols", written)


def often(author: Author, gate: str, interrupt: str) -> None:
    """What follows from alarms: many within a month, or one after what came before."""
    if not interrupt:
        return
    key, most = author.name(), author.number(1, 3)
    opened = f'count_within("{interrupt}", "30 days")'
    author.step(
        f'{opened} >= {most} && rounds("{key}") < {opened}', key, repeats={"at_most": 90}, modality="should"
    )
    if author.maybe():
        author.step(f'settled_later("{interrupt}", "{author.before[0]}")', modality=author.modality())


BESIDES: tuple[Callable[[Any, str, str], None], ...] = (
    a_part, per_person, by_what_is_known, another_hand, waiting, beside, a_path, dates, calls, actions,
    inform, consent, meeting, state, sub_case, often,
)  # fmt: skip
