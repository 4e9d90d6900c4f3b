"""A small whole definition as text, from which tests make broken ones by replacing a line or two."""

from __future__ import annotations

from pathlib import Path

from protocols.definition import Definition
from protocols.loader import examine, load_file
from protocols.problems import DefinitionRefused, Problem

LADDERS = """\
ladders:
  local:
    rungs:
      - {from: due, offset: "0 hours", to: [keeper, boss], marks: overdue}
"""

CONTACTS = """\
contacts:
  hotline:
    title: Rådgivningen
    numbers:
      - {number: "11 22 33 44", hours: "Mo-Fr 09:00-15:00; PH off"}
    purposes: [advice]
    sharing: general
"""

SMALL = """\
head:
  key: small
  version: "2026-1"
  title: Lille forløb
  language: da
  country: DK
  zone: Europe/Copenhagen
  calendar: DK
  organisation: {name: Prøveby}
  source: Opfundet
  raised_by: [adviser]
  applies_when: "true"

facts:
  child:
    type: yes_no
    is: 'age == null || age < 18 ? "yes" : "no"'
    when_unknown: "yes"
  urgent:
    type: yes_no
    ask: Haster det?
    when_unknown: "yes"

roles:
  keeper: {title: Den ansvarlige, holder: true}
  boss: {title: Chefen, superior_of: keeper}

steps:
  talk:
    title: Tal sammen
    what: Tal sammen om sagen.
    opens_when: "true"
    modality: must
    phase: received
    contacts: [hotline]
    cautions: [careful]
    questions:
      worried:
        ask: Er I bekymrede?
        type: yes_no
      why:
        ask: Hvorfor?
        type: long_text
        asked_when: given.worried == "yes"
      talked_with:
        ask: Med hvem?
        type: person
        roles: [boss]
      topics:
        ask: Om hvad?
        type: choices
        choices: {school: Skole, home: Hjem}
        required: false
      talked_on:
        ask: Hvornår?
        type: date
      danger:
        ask: Er der fare?
        type: yes_no
        sets: {acute: "yes"}
    decisions:
      together: {by: [keeper, boss], questions: [worried]}
    deadlines:
      talked: {base: receipt, within: 1 working day, basis: local, decided: false, ladder: local}

  alarm:
    title: Slå alarm
    what: Ring.
    opens_when: acute.presses > rounds("alarm")
    repeats: {at_most: 9}
    interrupts: true
    modality: must
    questions:
      calm:
        ask: Er det ovre?
        type: yes_no
        must_be: "yes"
        must_be_message: Bliv ved, til det er ovre.
        sets: {acute_over: "yes"}
    deadlines:
      rung: {base: opened("alarm"), at_once: true, remind_after: 30 minutes, basis: local, decided: false}

  visit:
    title: Tag på besøg
    what: Besøg familien.
    opens_when: done("talk") && answer.worried == "yes"
    modality: should
    questions:
      visit_note:
        ask: Hvad så du?
        type: text
    deadlines:
      visited: {base: done("talk"), within: 2 months, basis: law, reference: act, ladder: local}

  finish:
    title: Afslut
    what: Bed om at få sagen lukket.
    opens_when: done("talk") && !is_open("alarm") && (answer.worried == "no" || settled("visit"))
    lapses_when: is_open("alarm")
    lapse_reason: Der er slået alarm.
    repeats: {at_most: 9}
    standing: true
    modality: must
    phase: follow_up
    deadlines:
      finished: {base: opened("finish"), within: 5 working days, basis: local, decided: false}

rules:
  talk_first:
    on: complete
    except_steps: [talk, alarm]
    require: done("talk")
    message: Tal først sammen.
    reference: act
    basis: law

ends:
  over:
    title: Slut
    allowed_when: is_open("finish")

handover:
  to: [boss]

cautions:
  careful: {text: Pas på.}

legal_references:
  act: {about: Besøg, cited: "Den gamle lov § 1", successor: "Den nye lov § 2"}
"""


def write(
    folder: Path,
    *changes: tuple[str, str],
    text: str = SMALL,
    contacts: str = CONTACTS,
    ladders: str = LADDERS,
) -> Path:
    """The small definition with each (old, new) replaced once, and the shared files, in a folder."""
    for old, new in changes:
        assert old in text, f"the small definition has no {old!r}"
        text = text.replace(old, new, 1)
    (folder / "ladders.yaml").write_text(ladders, encoding="utf-8")
    (folder / "contacts.yaml").write_text(contacts, encoding="utf-8")
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(folder: Path, *changes: tuple[str, str]) -> list[Problem]:
    """Everything wrong with the changed definition."""
    return examine(write(folder, *changes))[1]


def refused_with(
    folder: Path, *changes: tuple[str, str], contacts: str = CONTACTS, ladders: str = LADDERS
) -> list[tuple[str, str, str]]:
    """Each refusal of the changed definition: the file, its line as it is written there, the sentence."""
    path = write(folder, *changes, contacts=contacts, ladders=ladders)
    try:
        load_file(path)
    except DefinitionRefused as refused:
        return [
            (
                one.file,
                (folder / one.file).read_text("utf-8").splitlines()[one.line - 1].strip(),
                one.sentence,
            )
            for one in refused.problems
        ]
    raise AssertionError("the definition was not refused")


def small(
    folder: Path, *changes: tuple[str, str], contacts: str = CONTACTS, ladders: str = LADDERS
) -> Definition:
    """The changed definition, which must be whole."""
    definition, problems = examine(write(folder, *changes, contacts=contacts, ladders=ladders))
    assert problems == [], [str(problem) for problem in problems]
    assert definition is not None
    return definition
