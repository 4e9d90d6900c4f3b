"""Every kind of refusal, each with its line and a sentence that says what to mend."""

# ruff: noqa: E501 - each row of the table below is one mistake and reads best as one line

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.loader import examine, load_all, load_file
from protocols.problems import DefinitionRefused
from tests.protocols.small import SMALL, problems_of, small, write


def test_the_small_definition_is_whole(tmp_path: Path) -> None:
    definition = small(tmp_path)

    assert list(definition.steps) == ["talk", "alarm", "visit", "finish"]


TALKED = "{base: receipt, within: 1 working day, basis: local, decided: false, ladder: local}"
VISITED = '{base: done("talk"), within: 2 months, basis: law, reference: act, ladder: local}'
FINISH_OPENS = 'opens_when: done("talk") && !is_open("alarm") && (answer.worried == "no" || settled("visit"))'
VISIT_OPENS = 'opens_when: done("talk") && answer.worried == "yes"'

BROKEN = {
    "unknown key in a step": ([("    what: Besøg familien.", "    wat: Besøg familien.")], "did you mean 'what'?"),
    "unknown key in a question": ([("        ask: Hvad så du?", "        asks: Hvad så du?")], "unknown key 'asks'"),
    "unknown section": ([("facts:\n", "fakta:\n")], "unknown key 'fakta'"),
    "a word in place of a modality": ([("    title: Tag på besøg", "    modality: skal\n    title: Tag på besøg"), ("    modality: should\n", "")], "'skal' is not allowed for 'modality'"),
    "a word in place of a purpose": ([("contacts: [hotline]", "contacts: [hotline]\n    pauses: [1]")], "'pauses' is a text, and 1 is not read as one"),
    "answers as a list": ([("choices: {school: Skole, home: Hjem}", "choices: [school, home]")], "write them as {first: ..., second: ...}"),
    "a safe reading without quotes": ([("    ask: Haster det?\n    when_unknown: \"yes\"", "    ask: Haster det?\n    when_unknown: true")], "true is no answer; write one in quotes"),
    "two who have the duty": ([("{title: Chefen, superior_of: keeper}", "{title: Chefen, holder: true}")], "'keeper' has the duty already"),
    "a day in words": ([("legal_references:\n", "legal_references:\n  old: {about: Før, checked_at: 1. december}\n")], "'1. december' is no day; write it as 2026-12-01"),
    "what stands open to the end and is never done": ([("allowed_when: is_open(\"finish\")", "allowed_when: done(\"finish\")")], "a standing step is never done, only open (is_open)"),
    "a step that comes back at once": ([("    title: Tag på besøg", "    repeats: {at_most: 3}\n    title: Tag på besøg")], "opens again the moment it ends"),
    "a step outside of its section": ([("ends:\n", "later:\n  title: Senere\n\nends:\n")], "unknown section 'later'; if it belongs to the one above, indent it"),
    "missing key": ([("    what: Besøg familien.\n", "")], "'what' is missing"),
    "missing section": ([("ends:\n  over:\n    title: Slut\n    allowed_when: is_open(\"finish\")\n", "")], "'ends' is missing"),
    "unknown contact": ([("contacts: [hotline]", "contacts: [hotlin]")], "did you mean 'hotline'?"),
    "unknown caution": ([("cautions: [careful]", "cautions: [careless]")], "unknown caution 'careless'"),
    "unknown role": ([("roles: [boss]", "roles: [bos]")], "unknown role 'bos'"),
    "unknown staff role": ([("raised_by: [adviser]", "raised_by: [wizard]")], "unknown staff role 'wizard'"),
    "unknown owner": ([("    title: Tag på besøg", "    owner: nobody\n    title: Tag på besøg")], "role or contact 'nobody'"),
    "unknown step in a condition": ([(VISIT_OPENS, 'opens_when: done("talkk")')], "did you mean 'talk'?"),
    "unknown step in a rule": ([("except_steps: [talk, alarm]", "except_steps: [talk, alarms]")], "did you mean 'alarm'?"),
    "and in words": ([(VISIT_OPENS, 'opens_when: done("talk") and answer.worried == "yes"')], "'and' was not expected here; write '&&'"),
    "not in words": ([(VISIT_OPENS, 'opens_when: not done("alarm")')], "write '!' before what is not to hold"),
    "one sign of equality": ([(VISIT_OPENS, 'opens_when: answer.worried = "yes"')], "'=' cannot stand in a condition; write '=='"),
    "quotes of a word processor": ([(VISIT_OPENS, 'opens_when: done(“talk”)')], 'use the straight quotes "'),
    "an answer without quotes": ([(VISIT_OPENS, 'opens_when: answer.worried == yes')], 'an answer is written in quotes: "yes"'),
    "an answer compared with nothing": ([(VISIT_OPENS, 'opens_when: answer.worried == "yes" || "no"')], '"no" alone is neither true nor false'),
    "an answer given in another form": ([(VISIT_OPENS, 'opens_when: given.worried == "yes"')], "elsewhere write answer.worried"),
    "an answer taken for a number": ([(VISIT_OPENS, 'opens_when: answer.worried > 3')], "mixes types"),
    "unknown function": ([(VISIT_OPENS, 'opens_when: finished("talk")')], "unknown function 'finished'"),
    "an order of settling of one step": ([(VISIT_OPENS, 'opens_when: settled_later("talk")')], "takes 2 steps in quotes"),
    "an order of settling of an unknown step": ([(VISIT_OPENS, 'opens_when: settled_later("talk", "alrm")')], "did you mean 'alarm'?"),
    "an order of settling that never comes": ([(FINISH_OPENS, 'opens_when: settled_later("talk", "visit") && !is_open("alarm")')], "the step 'finish' can never open"),
    "unknown name": ([(VISIT_OPENS, "opens_when: weather == 1")], "unknown name 'weather'"),
    "unknown fact": ([(VISIT_OPENS, 'opens_when: fact.chld == "yes"')], "did you mean 'fact.child'?"),
    "an answer nobody is asked for": ([(VISIT_OPENS, 'opens_when: answer.height == "yes"')], "nobody is asked 'height'"),
    "a question about a later answer": ([("given.worried ==", "given.danger ==")], "nobody is asked 'danger' here"),
    "a decision about another step's question": ([("questions: [worried]}", "questions: [calm]}")], "nobody is asked for in this step"),
    "a value that is no choice": ([(VISIT_OPENS, 'opens_when: answer.worried == "maybe"')], 'it is one of null, "yes", "no"'),
    "a list compared as one": ([(VISIT_OPENS, 'opens_when: answer.topics == "school"')], "is a list"),
    "a list asked for what it cannot hold": ([(VISIT_OPENS, 'opens_when: \'"work" in answer.topics\'')], "can never hold"),
    "one value asked as a list": ([(VISIT_OPENS, 'opens_when: \'"yes" in answer.worried\'')], "is not a list"),
    "types that do not mix": ([(VISIT_OPENS, 'opens_when: answer.visit_note == 3')], "different types"),
    "a number that may be unknown": ([(VISIT_OPENS, "opens_when: age < 18")], "put 'age != null && ...' before it"),
    "no true or false": ([(VISIT_OPENS, "opens_when: rounds(\"talk\")")], "does not yield true or false"),
    "a condition cut short": ([(VISIT_OPENS, 'opens_when: done("talk") &&')], "stops too early"),
    "a condition outside the language": ([(VISIT_OPENS, 'opens_when: "answer.topics.exists(t, t == 1)"')], "cannot be read"),
    "python in a condition": ([(VISIT_OPENS, "opens_when: __import__('os').system('ls')")], "cannot be read"),
    "a step that can never open": ([(VISIT_OPENS, 'opens_when: answer.worried == "yes" && answer.worried == "no"')], "can never open"),
    "a step that never opens on any way": ([(VISIT_OPENS, 'opens_when: done("visit")')], "can never open"),
    "a step that can never end": ([("        must_be_message: Bliv ved, til det er ovre.", "        must_be_message: Bliv ved, til det er ovre.\n      never:\n        ask: Kan du?\n        type: yes_no"), ("rules:\n", "rules:\n  stuck:\n    on: complete\n    steps: [alarm]\n    require: given.never == \"yes\"\n    message: Nej.\n  stuck_too:\n    on: complete\n    steps: [alarm]\n    forbid: given.never == \"yes\"\n    message: Nej.\n")], "can never end"),
    "a gate that can never open": ([("    require: done(\"talk\")\n    message", "    require: \"false\"\n    message")], "the gate can never open"),
    "a step that falls away at once": ([("    lapses_when: is_open(\"alarm\")", "    lapses_when: \"true\"")], "falls away as soon as it opens"),
    "a missing holder": ([("holder: true", "raiser: true")], "the holder is missing"),
    "a role of two relations": ([("superior_of: keeper", "superior_of: keeper, raiser: true")], "exactly one"),
    "roles in a circle": ([("superior_of: keeper", "superior_of: boss")], "leans on itself"),
    "a deadline without a base": ([(TALKED, "{within: 1 working day, basis: local}")], "needs a base"),
    "a deadline with an unknown base": ([(TALKED, "{base: sunrise, within: 1 working day, basis: local}")], "is no base"),
    "a deadline without a basis": ([(TALKED, "{base: receipt, within: 1 working day}")], "needs a basis"),
    "a deadline without a length": ([(TALKED, "{base: receipt, basis: local}")], "either within, or at_once"),
    "a deadline of no known length": ([(TALKED, "{base: receipt, within: a fortnight, basis: local}")], "is not a length of time"),
    "a deadline counted from its own end": ([(TALKED, '{base: done("talk"), within: 1 hour, basis: local}')], "cannot be counted from that step's end"),
    "a deadline counted from no time": ([(TALKED, '{base: answer("worried"), within: 1 hour, basis: local}')], "nothing can be counted from it"),
    "a law deadline without reference": ([(VISITED, '{base: done("talk"), within: 2 months, basis: law}')], "of law needs a reference"),
    "an unknown reference": ([("reference: act, ladder", "reference: acts, ladder")], "did you mean 'act'?"),
    "an unknown ladder": ([("basis: law, reference: act, ladder: local", "basis: law, reference: act, ladder: steep")], "unknown ladder 'steep'"),
    "a ladder to a role that is not here": ([("  boss: {title: Chefen, superior_of: keeper}\n", ""), ("roles: [boss]", "roles: [keeper]"), ("by: [keeper, boss]", "by: [keeper]"), ("to: [boss]", "to: [keeper]")], "the ladder 'local' tells 'boss'"),
    "a loop without bound": ([("repeats: {at_most: 9}\n    interrupts", "repeats: {}\n    interrupts")], "a loop needs a bound"),
    "an interrupt that cannot come again": ([("    repeats: {at_most: 9}\n    interrupts", "    interrupts")], "must be able to come again"),
    "not the same person as one who may be nobody": ([("questions: [worried]}", "questions: [worried], not_same_person_as: visit}")], "may not have run"),
    "a duplicate key": ([("    what: Besøg familien.\n", "    what: Besøg familien.\n    what: Igen.\n")], "stands twice"),
    "a question asked twice": ([("      visit_note:\n", "      worried:\n")], "asked in the step 'talk' too"),
    "a choice without choices": ([("        choices: {school: Skole, home: Hjem}\n", "")], "needs choices"),
    "a must_be outside the answers": ([("must_be: \"yes\"", "must_be: \"maybe\"")], "is not among the answers"),
    "an effect of no answer": ([("sets: {acute: \"yes\"}", "sets: {acute: \"maybe\"}")], "is not among the answers"),
    "an open case without open step": ([(FINISH_OPENS, 'opens_when: done("visit") && !is_open("alarm")')], "no open step and no next date"),
    "an open step without a date": ([('{base: opened("finish"), within: 5 working days, basis: local, decided: false}', '{base: opened("finish"), within: 5 working days, basis: local, decided: false, applies_when: answer.worried == "yes"}')], "can be open without any date"),
    "an end nobody can reach": ([("allowed_when: is_open(\"finish\")", "allowed_when: is_open(\"finish\") && is_open(\"talk\")")], "no case can ever end with 'over'"),
    "a meeting as base": ([(TALKED, "{base: meeting, within: 1 hour, basis: local}")], "'meeting' is no base of a deadline"),
    "an extension": ([("basis: law, reference: act,", "basis: law, extension: {}, reference: act,")], "'by' is missing"),
    "a Danish letter in a name": ([("  visit:\n", "  besøg:\n")], "write 'besoeg'"),
    "an alias": ([("cautions: [careful]", "cautions: &c [careful]"), ("    what: Besøg familien.", "    what: Besøg familien.\n    cautions: *c")], "anchors and aliases"),
    "a wrong zone": ([("zone: Europe/Copenhagen", "zone: Europe/Aalborg")], "unknown time zone"),
    "a fact without a safe reading": ([("    ask: Haster det?\n    when_unknown: \"yes\"\n", "    ask: Haster det?\n")], "say when_unknown"),
    "a number with unit in words": ([("remind_after: 30 minutes", "remind_after: soon")], "is not a length of time"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_definition_is_refused_with_a_place_and_a_sentence(name: str, tmp_path: Path) -> None:
    changes, sentence = BROKEN[name]

    problems = problems_of(tmp_path, *changes)

    assert any(sentence in problem.sentence for problem in problems), [str(one) for one in problems]
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)
    assert len(problems) <= 4, [str(one) for one in problems]


def test_the_place_is_the_line_of_the_mistake(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, ("contacts: [hotline]", "contacts: [hotlin]"))

    line = SMALL.splitlines()[problem.line - 1]
    assert line[problem.column - 1 :].startswith("hotline]")
    assert str(problem).startswith(f"small.yaml:{problem.line}:{problem.column}: unknown contact 'hotlin'")


def test_a_question_asked_twice_is_complained_of_where_it_is_asked_again(tmp_path: Path) -> None:
    copied = "      worried: {ask: Stadig?, type: yes_no}\n      visit_note:\n"

    [problem] = problems_of(tmp_path, ("      visit_note:\n", copied))

    assert problem.sentence == "the question 'worried' is asked in the step 'talk' too; rename one of them"
    assert problem.line > SMALL[: SMALL.index("  visit:")].count("\n")


def test_a_role_that_cannot_be_read_is_not_said_to_be_missing_too(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, ("holder: true", "holder: yes"))

    assert [one.sentence for one in problems] == [
        "the word 'yes' cannot stand for 'holder'; write true or false"
    ]


def test_a_contact_that_cannot_be_read_is_not_said_to_be_unknown_too(tmp_path: Path) -> None:
    path = write(tmp_path)
    contacts = tmp_path / "contacts.yaml"
    contacts.write_text(contacts.read_text("utf-8").replace("[advice]", "[advise]"), "utf-8")

    _, [problem] = examine(path)

    assert problem.sentence.startswith("'advise' is not allowed for 'purposes'")


def test_several_problems_are_said_at_once(tmp_path: Path) -> None:
    problems = problems_of(
        tmp_path,
        ("contacts: [hotline]", "contacts: [hotlin]"),
        ("roles: [boss]", "roles: [bos]"),
        ("    what: Besøg familien.", "    wat: Besøg familien."),
    )

    said = " ".join(problem.sentence for problem in problems)
    assert "hotlin" in said
    assert "'bos'" in said
    assert "'wat'" in said


def test_the_shortest_way_into_a_dead_end_is_shown(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, (FINISH_OPENS, 'opens_when: done("visit") && !is_open("alarm")'))

    assert any("stuck and never end, this way: talk(worried=" in one.sentence for one in problems)


def test_yes_and_no_stay_words(tmp_path: Path) -> None:
    path = write(tmp_path, ("choices: {school: Skole, home: Hjem}", "choices: {yes: Ja, no: Nej, on: Til}"))

    definition, problems = examine(path)

    assert problems == []
    assert definition is not None
    assert definition.questions["topics"].choices == {"yes": "Ja", "no": "Nej", "on": "Til"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"head: [", "not valid YAML"),
        (b"head:\n\tkey: small\n", "tab"),
        ("head: Ærø".encode("latin-1"), "not UTF-8"),
        (b"- one\n- two\n", "expected sections"),
        (b"a: " + b"[" * 200 + b"]" * 200, "nested more than"),
        (b"x: " + b"y" * 600_000, "larger than"),
        (b"a: &a [1]\nb: [*a,*a,*a]\n", "anchors"),
    ],
)
def test_a_file_that_is_no_definition_is_refused(content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_bytes(content)

    with pytest.raises(DefinitionRefused) as refused:
        load_file(path)

    assert any(sentence in problem.sentence for problem in refused.value.problems)


def test_a_folder_with_a_broken_file_loads_nothing(tmp_path: Path) -> None:
    write(tmp_path, ("contacts: [hotline]", "contacts: [hotlin]"))

    with pytest.raises(DefinitionRefused):
        load_all(tmp_path)
