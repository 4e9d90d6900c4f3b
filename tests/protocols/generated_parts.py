"""The parts that follow each other in generated definitions: each opens at a gate and gives the next one.

A gate is a condition that comes true on every way, whatever is answered, skipped or missed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.protocols.generated import OTHERS, Author, Doc


def _settled(author: Author, key: str) -> str:
    author.before.append(key)
    return f'settled("{key}")'


def manner(author: Author) -> Doc:
    """What can be said of any step without its wholeness being in danger."""
    ways: list[Doc] = [
        {"waits_for": author.one_of(("leader", "night", "Retten i Prøveby"))},
        {"owner": author.one_of(("consultant", "night", "leader"))},
        {"checklist": {"papers": "Papirer", "phone": "Telefon"}},
        {
            "checklist": {
                "order": author.one_of(("free", "recommended", "strict")),
                "required": author.one_of(("all", ["phone"], [])),
                "items": {"papers": "Papirer", "phone": "Telefon"},
            }
        },
        {"contacts": ["night", "day"], "holder": "keeper"},
        {"phase": author.one_of(("received", "in_progress", "follow_up"))},
        {"after": list(author.before), "order": author.one_of(("strict", "recommended"))},
    ]
    found: Doc = {}
    for one in author.some_of(ways):
        found |= one
    return found


def plain(author: Author, gate: str) -> str:
    asked = author.questions()
    key = author.step(gate, modality=author.modality(), questions=asked, **manner(author))
    dates = [name for name, one in asked.items() if one["type"] in ("date", "datetime")]
    author.dates += dates
    return _settled(author, key)


def missed(author: Author, gate: str) -> str:
    """A step that falls away by itself when its date passes, or when a fact says so."""
    key = author.name()
    date = author.deadline(f'opened("{key}")', f"{author.number(1, 30)} hours") | {"at_expiry": "lapse"}
    more: Doc = {}
    if fact := author.fact(("yes_no",)):
        more = {"lapses_when": f'fact.{fact} == "yes"', "lapse_reason": "Ikke her."}
    author.step(gate, key, deadlines={author.name(): date}, **more)
    return _settled(author, key)


def checked(author: Author, gate: str) -> str:
    """A step with a condition of its own on being done."""
    asked = author.question()
    name = next(iter(asked))
    later = author.question(type="long_text", asked_when=f'given.{name} == "yes"')
    key = author.step(
        gate,
        questions=asked | later,
        done_when=f'given.{name} == "yes"',
        done_when_message="Sig ja først.",
    )
    return _settled(author, key)


def loop(author: Author, gate: str) -> str:
    """A step that comes back while it is answered yes, so many times at most."""
    key, asked, most = author.name(), author.question(), author.number(2, 4)
    more = f'answer.{next(iter(asked))} == "yes"'
    author.step(
        f'({gate}) && (rounds("{key}") == 0 || {more})',
        key,
        questions=asked,
        repeats={"at_most": most},
        modality=author.modality(),
    )
    author.before.append(key)
    return f'settled("{key}") && (!({more}) || rounds("{key}") >= {most})'


def redo(author: Author, gate: str) -> str:
    """Two steps that lead to each other, until the first is answered no."""
    first, second, asked = author.name(), author.name(), author.question()
    more = f'answer.{next(iter(asked))} == "yes"'
    back = f'settled_later("{second}", "{first}")'
    author.step(
        f'({gate}) && (rounds("{first}") == 0 || {back})', first, questions=asked, repeats={"at_most": 3}
    )
    again = f'rounds("{second}") == 0 || settled_later("{first}", "{second}")'
    author.step(
        f'settled("{first}") && {more} && rounds("{first}") < 3 && ({again})', second, repeats={"at_most": 3}
    )
    author.before.append(first)
    return f'settled("{first}") && (!({more}) || rounds("{first}") == 3)'


def fork(author: Author, gate: str) -> str:
    """One answer of three opens one step, another answer another one, the third none."""
    asked = author.question(type="choice", choices={"yes": "Ja", "no": "Nej", "x": "Intet"})
    answer = f"answer.{next(iter(asked))}"
    chooses = author.step(gate, questions=asked)
    done = f'done("{chooses}")'
    left = author.step(f'{done} && {answer} == "yes"', modality=author.modality(), **manner(author))
    right = author.step(f'{done} && {answer} == "no"', modality=author.modality())
    author.before.append(chooses)
    return f'{done} && ({answer} == "x" || settled("{left}") || settled("{right}"))'


def join(author: Author, gate: str) -> str:
    """Branches that open together, some only where a fact says so, and come together again."""
    after = author.step(gate, modality=author.modality())
    fact = author.fact(("yes_no", "choice"))
    branches: list[str] = []
    for _ in range(author.number(2, 3)):
        only = f' && fact.{fact} == "no"' if fact and author.maybe() else ""
        opens = f'settled("{after}"){only}'
        branches.append(author.step(opens, modality=author.modality()))
    need = author.one_of(("all", "any", 1, 2))
    key = author.add("joins", {"after": after, "of": branches, "need": need})
    author.before.append(after)
    return f'joined("{key}")'


def decision(author: Author, gate: str) -> str:
    """A decision of two, confirmed with the other's own hand."""
    asked, other = author.question(), author.one_of(OTHERS)
    disagreement = author.question(type="text", required=False)
    key, name = author.name(), author.name()
    decided: Doc = {"by": ["keeper", other], "questions": list(asked)}
    decided |= {"disagreement": next(iter(disagreement))}
    gates = [f'settled("{key}")']
    if author.maybe():
        decided |= {"own_hand": [other], "within": "2 working days"}
        gates.append(f'settled("{name}_confirmed_by_{other}")')
    author.step(gate, key, questions=asked | disagreement, decisions={name: decided})
    author.before.append(key)
    return " && ".join(gates)


def second(author: Author, gate: str) -> str:
    """A step that is assessed twice, and one more when the two differ."""
    asked, key = author.question(), author.name()
    assessor: Doc = {"role": author.one_of(OTHERS), "questions": list(asked), "within": "3 days"}
    author.step(gate, key, questions=asked, second_assessor=assessor)
    if author.maybe():
        author.step(f'settled("{key}_second") && differs("{key}")', modality=author.modality())
    author.before.append(key)
    return f'settled("{key}_second")'


def form(author: Author, gate: str) -> str:
    """A form, scored or not, and a step that only one of its outcomes opens."""
    choices = {"no": {"label": "Nej", "score": 0}, "yes": {"label": "Ja", "score": 2}}
    scored: Doc = {
        "items": {"first": {"ask": "Et?", "choices": choices}, "other": {"ask": "To?", "choices": choices}},
        "bands": {"low": {"title": "Lav", "from": 0}, "high": {"title": "Høj", "from": author.number(2, 4)}},
    }
    if author.maybe():
        scored["items"]["first"] |= {"weight": 3, "trigger": ["yes"]}
        scored |= {"triggered": "high", "override": {"role": author.one_of(OTHERS)}}
    unscored: Doc = {
        "items": {"sleep": {"ask": "Søvn"}, "school": {"ask": "Skole"}},
        "times": {"before": "Før", "now": "Nu"},
        "notes": True,
        "judgements": {"good": "God", "bad": "Dårlig"},
        "overall": {"ask": "I alt?", "choices": {"low": "I orden", "high": "Dårlig"}},
    }
    written = author.one_of((scored, unscored))
    filled = author.add("forms", {"title": "Skema"} | written)
    asked = author.question(type="form", form=filled)
    name = next(iter(asked))
    key = author.step(gate, questions=asked)
    outcome = author.one_of((f'answer.{name} == "high"', f'answer.{name} != "high"'))
    if "bands" in written and author.maybe():
        outcome = f'score("{name}") != null && score("{name}") >= 2'
    author.step(f'done("{key}") && {outcome}', modality=author.modality())
    return _settled(author, key)


def outside(author: Author, gate: str) -> str:
    """A body outside decides, perhaps on what was done before, until its answer is final."""
    key, most = author.name(), author.number(2, 3)
    written: Doc = {
        "title": "Nævnet", "body": author.one_of(("Nævnet", "leader", "day")), "asked_when": gate,
        "answers": {"granted": "Ja", "refused": "Nej", "more": "Mere"}, "final": ["granted", "refused"],
        "at_most": most, "modality": author.modality(), "deadlines": {author.name(): author.date(key)},
    }  # fmt: skip
    author.add("outside_decisions", written, key)
    author.before.append(key)
    return f'settled("{key}") && (answer.{key} != "more" || rounds("{key}") >= {most})'


PARTS: tuple[Callable[[Any, str], str], ...] = (
    plain, missed, checked, loop, redo, fork, join, decision, second, form, outside,
)  # fmt: skip
