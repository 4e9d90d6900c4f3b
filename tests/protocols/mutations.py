"""What can be wrong with a definition: each breaks a whole one in one way, whatever shape that one has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Doc = dict[str, Any]
Mutation = Callable[[Doc], None]
# The text of the complaint, or a part of it, and what breaks the definition.
MUTATIONS: dict[str, tuple[str, Mutation]] = {}


def first(doc: Doc) -> Doc:
    """The step every definition begins with."""
    found: Doc = next(iter(doc["steps"].values()))
    return found


def first_key(doc: Doc) -> str:
    return str(next(iter(doc["steps"])))


def further(doc: Doc, key: str = "zz", **changes: Any) -> Doc:
    """One more step beside the others, whole but for the changes; None takes a line away."""
    written: Doc = {
        "title": "Mere", "what": "Mere.", "opens_when": f'done("{first_key(doc)}")', "modality": "may",
        "deadlines": {"zz_on": {"base": f'opened("{key}")', "within": "2 days", "basis": "local"}},
    } | changes  # fmt: skip
    doc["steps"][key] = {name: value for name, value in written.items() if value is not None}
    added: Doc = doc["steps"][key]
    return added


def asking(doc: Doc, **question: Any) -> Doc:
    """One more step with one question."""
    return further(doc, questions={"zz_q": {"ask": "Hvad?", "type": "yes_no"} | question})


def dated(doc: Doc, **changes: Any) -> None:
    """One more step whose one deadline is changed; None takes a line away."""
    date: Doc = {"base": 'opened("zz")', "within": "2 days", "basis": "local"} | changes
    further(doc, deadlines={"zz_on": {name: value for name, value in date.items() if value is not None}})


def section(doc: Doc, name: str, key: str, **written: Any) -> None:
    doc.setdefault(name, {})[key] = written


def _simple(name: str, sentence: str, change: Callable[[Doc], object]) -> None:
    MUTATIONS[name] = (sentence, lambda doc: (change(doc), None)[1])


NO = 'answer.zz_q == "no"'
for _name, _sentence, _change in (
    # Keys, names and types.
    ("an unknown section", "unknown key 'fakta'", lambda d: section(d, "fakta", "x", a=1)),
    ("an unknown key of a step", "unknown key 'wat'", lambda d: further(d, wat="x")),
    ("an unknown key of a question", "unknown key 'asks'", lambda d: asking(d, asks="x")),
    ("an unknown key of a deadline", "unknown key 'whitin'", lambda d: dated(d, whitin="x")),
    ("an unknown key of the head", "unknown key 'titel'", lambda d: d["head"].update(titel="x")),
    ("a missing text", "'what' is missing", lambda d: further(d, what=None)),
    ("a missing head", "'head' is missing", lambda d: d.pop("head")),
    ("a missing section", "'ends' is missing", lambda d: d.pop("ends")),
    ("an empty text", "'title' is empty", lambda d: first(d).update(title=None)),
    ("a number for a text", "put it in quotes", lambda d: first(d).update(title=112)),
    ("a list for a text", "is one text", lambda d: first(d).update(title=["a"])),
    ("a text for a list", "is a list", lambda d: first(d).update(contacts="night")),
    ("a word for true", "write true or false", lambda d: further(d, standing="yes")),
    ("a text for values", "must hold names and values", lambda d: d["steps"].update(zz="x")),
    ("an unknown modality", "is not allowed for", lambda d: further(d, modality="perhaps")),
    ("an unknown type", "is not allowed for 'type'", lambda d: asking(d, type="maybe")),
    ("a name with a sign", "cannot be a name", lambda d: further(d, key="z-z")),
    ("a Danish letter in a name", "write 'aaen'", lambda d: further(d, key="åen")),
    ("what only the loader writes", "unknown key 'made_from'", lambda d: further(d, made_from="x")),
    ("a version that is none", "is not allowed for 'version'", lambda d: d["head"].update(version="1")),
    ("an unknown zone", "unknown time zone", lambda d: d["head"].update(zone="Europe/Aalborg")),
    ("an unknown language", "language", lambda d: d["head"].update(language="xx")),
    ("a calendar nobody has", "calendar", lambda d: d["head"].update(calendar="XX")),
    ("a day no year has", "is no day", lambda d: d["head"].update(
        calendar={"holidays": "DK", "closed": [{"day": "02-31", "name": "x"}]})),
    ("a staff role nobody has", "unknown staff role", lambda d: d["head"].update(raised_by=["wizard"])),
    # References.
    ("an unknown contact", "unknown contact", lambda d: further(d, contacts=["nigth"])),
    ("an unknown role", "unknown role", lambda d: asking(d, type="person", roles=["leadr"])),
    ("an unknown owner", "role or contact 'nobody'", lambda d: further(d, owner="nobody")),
    ("an unknown step", "unknown step", lambda d: further(d, opens_when='done("nowhere")')),
    ("an unknown name", "unknown name", lambda d: further(d, opens_when="weather == 1")),
    ("an unknown function", "unknown function", lambda d: further(d, opens_when='finished("zz")')),
    ("an unknown fact", "fact.zz_nothing", lambda d: further(d, opens_when='fact.zz_nothing == "yes"')),
    ("an unknown relation", "unknown relation", lambda d: further(d, per_person="uncle")),
    ("an unknown caution", "unknown caution", lambda d: further(d, cautions=["zz_none"])),
    ("an unknown form", "unknown form", lambda d: asking(d, type="form", form="zz_form")),
    ("an unknown ladder", "unknown ladder", lambda d: dated(d, ladder="steep")),
    ("an unknown reference", "unknown", lambda d: dated(d, basis="law", reference="zz_law")),
    ("an answer nobody is asked", "nobody is asked", lambda d: further(d, opens_when='answer.zz_n == "x"')),
    ("a value that is no choice", "it is one of", lambda d: (
        asking(d), further(d, "zz2", opens_when='answer.zz_q == "maybe"'))),
    ("a question in two steps", "too; rename one of them", lambda d: (
        asking(d), further(d, "zz2", questions={"zz_q": {"ask": "Hvad?", "type": "yes_no"}}))),
    ("a translation of nothing", "there is no text", lambda d: section(
        d, "translations", "de" if d["head"]["language"] != "de" else "en", **{"steps.zz.title": "x"})),
    # Conditions.
    ("a condition cut short", "stops too early", lambda d: further(d, opens_when='done("x") &&')),
    ("a condition in Python", "unknown function", lambda d: further(d, opens_when="__import__('os')")),
    ("no true or false", "true or false", lambda d: further(d, opens_when='rounds("zz0")', key="zz0")),
    ("an age that may be unknown", "put 'age != null", lambda d: further(d, opens_when="age < 18")),
    ("a condition of 100 kB", "longer than", lambda d: further(d, opens_when="true && " * 12_500 + "true")),
    ("a text compared with a number", "of different types", lambda d: (
        asking(d, type="text"), further(d, "zz2", opens_when="answer.zz_q == 3"))),
    # Deadlines.
    ("no base", "needs a base", lambda d: dated(d, base=None)),
    ("an unknown base", "is no base", lambda d: dated(d, base="sunrise")),
    ("no basis", "needs a basis", lambda d: dated(d, basis=None)),
    ("no length", "either within, or at_once", lambda d: dated(d, within=None)),
    ("a length in words", "is not a length of time", lambda d: dated(d, within="a fortnight")),
    ("a length no calendar has", "longer than anybody can count", lambda d: dated(d, within="300 years")),
    ("a law without reference", "of law needs a reference", lambda d: dated(d, basis="law")),
    ("a law that is undecided", "decided by the law", lambda d: dated(d, basis="law", decided=False)),
    ("a date from its own end", "from that step's end", lambda d: dated(d, base='done("zz")')),
    ("backwards from the unknown", "counted backwards", lambda d: dated(d, within="2 days before")),
    ("an extension without bound", "an extension needs a bound", lambda d: dated(
        d, extension={"by": "leader", "why": "x", "within": "2 days"})),
    ("a path to nowhere", "nothing follows when it passes", lambda d: dated(d, at_expiry="path")),
    # Ways.
    ("a step that can never open", "can never open", lambda d: (
        asking(d), further(d, "zz2", opens_when=f'answer.zz_q == "yes" && {NO}'))),
    ("a step that waits for itself", "can never open", lambda d: further(d, opens_when='done("zz")')),
    ("a step that can never end", "can never end", lambda d: (
        asking(d, must_be="yes", must_be_message="x").update(modality="must"),
        section(d, "rules", "zz_r", on="complete", steps=["zz"], forbid='given.zz_q == "yes"', message="x"))),
    ("a step that falls away at once", "falls away as soon", lambda d: further(d, lapses_when="true")),
    ("a step without a date", "without any date", lambda d: further(d, deadlines=None)),
    ("a loop without bound", "a loop needs a bound", lambda d: further(d, repeats={})),
    ("a loop that counts itself once", "may not come back", lambda d: further(
        d, opens_when='rounds("zz") < 3')),
    ("a step that comes and goes", "for ever", lambda d: further(
        d, lapses_when=f'done("{first_key(d)}")', repeats={"at_most": 9})),
    ("an interrupt that comes once", "must be able to come again", lambda d: further(d, interrupts=True)),
    ("an interrupt without return", "an interrupt must end", lambda d: further(
        d, interrupts=True, standing=True, repeats={"at_most": 9})),
    ("a gate that never opens", "the gate can never open", lambda d: section(
        d, "rules", "zz_r", on="complete", require="false", message="x")),
    ("an end nobody reaches", "can ever end with", lambda d: section(
        d, "ends", "zz_e", title="x", allowed_when=f'is_open("{first_key(d)}") && done("{first_key(d)}")')),
    ("no open step", "no open step and no next date", lambda d: first(d).update(opens_when="acute.on")),
    ("somebody who may be nobody", "may not have run", lambda d: (
        further(d), further(d, "zz2", not_same_person_as="zz", opens_when="true"))),
    # Circles and joins.
    ("a missing holder", "the holder is missing", lambda d: d["roles"].update(
        keeper={"title": "x", "raiser": True})),
    ("roles in a circle", "leans on itself", lambda d: d["roles"].update(
        a={"title": "x", "superior_of": "b"}, b={"title": "x", "superior_of": "a"})),
    ("pauses in a circle", "wait for each other", lambda d: (
        further(d, pauses=["zz2"]), further(d, "zz2", pauses=["zz"]))),
    ("an order in a circle", "wait for each other", lambda d: (
        further(d, after=["zz2"]), further(d, "zz2", after=["zz"]))),
    ("a protocol on itself", "cannot raise cases on itself", lambda d: section(
        d, "sub_protocols", "zz", title="x", protocol=d["head"]["key"], opens_when="true")),
    ("a protocol that is not there", "unknown protocol", lambda d: section(
        d, "sub_protocols", "zz", title="x", protocol="zz_none", opens_when="true")),
    ("a join that cannot be met", "can never be right", lambda d: (
        further(d), further(d, "zz2"), further(d, "zz3", opens_when='joined("zz_j")'),
        section(d, "joins", "zz_j", after=first_key(d), of=["zz", "zz2"], need=3))),
    ("a join nobody asks for", "nobody asks for this join", lambda d: (
        further(d), further(d, "zz2"),
        section(d, "joins", "zz_j", after=first_key(d), of=["zz", "zz2"], need="all"))),
    ("a branch that can never open", "can never open", lambda d: (
        further(d), further(d, "zz2", opens_when='done("zz2")'),
        further(d, "zz3", opens_when='joined("zz_j")'),
        section(d, "joins", "zz_j", after=first_key(d), of=["zz", "zz2"], need="all"))),
    # What is made of steps.
    ("a decision that is never final", "can never end", lambda d: section(
        d, "outside_decisions", "zz", title="x", body="x", asked_when="true", answers={"a": "A", "b": "B"},
        final=[])),
    ("a way round that leads nowhere", "does not look at the answer", lambda d: (further(d), section(
        d, "consents", "zz2", title="x", of="x", to="x", asked_when="true", on_refusal=["zz"]))),
    ("a deferral without bound", "needs a bound", lambda d: section(
        d, "duties_to_inform", "zz", title="x", whom="x", what="x", applies_when="true",
        defer={"at_most": "2 days", "times": 0})),
    ("a name that is taken", "makes one of that name already", lambda d: section(
        d, "temporary_states", first_key(d), title="x", what="x", begins_when="true", ends_when="acute.on",
        at_most="2 days", basis="local")),
    ("a form nobody fills in", "nobody is asked to fill in", lambda d: section(
        d, "forms", "zz_f", title="x", items={"a": {"ask": "x"}}, notes=True)),
    ("bands that fall", "bands rise", lambda d: (asking(d, type="form", form="zz_f"), section(
        d, "forms", "zz_f", title="x", bands={"a": {"title": "A", "from": 0}, "b": {"title": "B", "from": 0}},
        items={"a": {"ask": "x", "choices": {"c": {"label": "C"}, "e": {"label": "E", "score": 1}}}}))),
    ("a confirmation by nobody in time", "within is missing", lambda d: asking(d).update(
        decisions={"zz_d": {"by": ["keeper", "leader"], "questions": ["zz_q"], "own_hand": ["leader"]}})),
    ("a checklist that requires nothing there", "no item of this checklist", lambda d: further(
        d, checklist={"required": ["zz"], "items": {"a": "A"}})),
    ("a way back that may not come back", "may not come back", lambda d: section(
        d, "entries", "zz", title="x", within="6 months", steps=[first_key(d)])),
    ("a fact without a safe reading", "say when_unknown", lambda d: section(
        d, "facts", "zz_f", type="yes_no", ask="x")),
    ("a name that is too long", "at most", lambda d: further(d, key="z" * 61)),
):  # fmt: skip
    _simple(_name, _sentence, _change)


# What is wrong with the text rather than with what it says.
TEXTS: dict[str, tuple[str, Callable[[str], str | bytes]]] = {
    "a tab": ("a tab in the indentation", lambda text: text.replace("\n  ", "\n\t", 1)),
    "a doubled key": ("stands twice", lambda text: text + text[: text.index("\n") + 1] + "  key: x\n"),
    "an anchor": ("anchors and aliases", lambda text: text.replace(": ", ": &a ", 1)),
    "an alias": ("anchors and aliases", lambda text: text + "zz: *a\n"),
    "a tag": ("tags such as", lambda text: text.replace(": ", ": !!str ", 1)),
    "two documents": ("a second document", lambda text: f"{text}---\n{text}"),
    "an open bracket": ("not valid YAML", lambda text: text + "zz: [\n"),
    "an open quote": ("not valid YAML", lambda text: text + 'zz: "x\n'),
    "no UTF-8": ("not UTF-8", lambda text: text.encode("utf-16")),
    "nothing": ("empty", lambda text: ""),
    "deep nesting": ("nested more than", lambda text: text + "zz: " + "[" * 500 + "]" * 500 + "\n"),
    "ten thousand steps": ("more than 500 entries", lambda text: text + "zz:\n" + "".join(
        f"  s{n}: {{}}\n" for n in range(10_000))),
    "a control character": ("cannot stand", lambda text: text.replace("Opfundet", "Op\x07fundet", 1)),
    "a hidden turn": ("turns the direction", lambda text: text.replace("Opfundet", "Op\u202efundet", 1)),
}  # fmt: skip
