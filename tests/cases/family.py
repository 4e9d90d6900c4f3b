"""An invented protocol with what the three tracks lack: linked people, owners, pauses, ticks."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from protocols.definition import Definition
from protocols.library import Library, in_force, put_in_force
from protocols.loader import library, load_file
from tests.protocols.small import CONTACTS, LADDERS

FAMILY = """\
head:
  key: family
  version: "2026-1"
  title: Hele familien
  language: da
  country: DK
  zone: Europe/Copenhagen
  calendar: DK
  organisation: {name: Prøveby}
  source: Opfundet
  raised_by: [adviser]
  applies_when: "true"

relations:
  sibling: {title: Søskende}
  partner: {title: Ægtefælle}

facts:
  at_home: {type: yes_no, ask: Bor hun hjemme?, when_unknown: "yes"}
  children: {type: number, ask: Hvor mange børn er der?}
  threatened_on: {type: date, ask: Hvornår blev hun truet?, moment: deed}
  in_danger: {type: yes_no, scope: person, relations: [sibling], ask: Er barnet i fare?, when_unknown: "yes"}
  school: {type: text, scope: person, ask: Hvor går eller arbejder personen?}

roles:
  keeper: {title: Den handlepligtige, holder: true}
  boss: {title: Nærmeste leder, superior_of: keeper}
  stand_in: {title: Lederens stedfortræder, substitute_of: boss}
  top: {title: Lederens leder, superior_of: boss}
  in_charge:
    title: Leder eller den næste i rækken
    first_of: [boss, stand_in, top]
    bypass: [absent, no_answer, disagrees, is_the_concern]
    no_answer_within: 2 hours
  expert: {title: Sikkerhedskonsulent, staff: {role: safety_consultant}}
  receiver: {title: Rådgiver, staff: {role: adviser, same_team: true}}

steps:
  talk:
    title: Tal sammen
    what: Tal med din leder.
    opens_when: "true"
    modality: must
    phase: received
    questions:
      worried: {ask: Er I bekymrede?, type: yes_no}
      talked_with: {ask: Med hvem?, type: person, roles: [in_charge], required: false}

  look_after:
    title: Se til barnet
    what: Se til søskende.
    opens_when: done("talk") && person.in_danger == "yes"
    lapses_when: person.in_danger == "no"
    lapse_reason: Barnet er ikke i fare.
    per_person: sibling
    modality: may
    questions:
      child_safe: {ask: Er barnet i sikkerhed?, type: yes_no}
      child_note: {ask: Hvad så du?, type: text, asked_when: 'person.in_danger == "yes"', required: false}
    deadlines:
      looked: {base: opened("look_after"), within: 1 working day, basis: local, decided: false, ladder: local}

  examine:
    title: Vurder risikoen
    what: Konsulenten vurderer.
    opens_when: done("talk")
    owner: expert
    modality: should
    questions:
      risk: {ask: Hvor stor er risikoen?, type: choice, choices: {low: Lav, high: Høj}}
      risk_note: {ask: Hvorfor?, type: text, required: false}
    second_assessor: {role: boss, questions: [risk], within: 2 working days}
    cautions: [careful]
    deadlines:
      examined: {base: opened("examine"), within: 3 working days, basis: local, decided: false, ladder: local}

  court:
    title: Familieretten
    what: Retten bestemmer.
    opens_when: done("talk") && fact.at_home == "no"
    waits_for: Familieretten
    modality: may
    questions:
      court_answer: {ask: Hvad svarede retten?, type: choice, choices: {granted: Ja, refused: Nej}}

  hide:
    title: Skjul adressen
    what: Det kommer før vurderingen.
    opens_when: done("talk") && answer.worried == "yes"
    pauses: [examine]
    modality: must
    questions:
      hidden: {ask: Er adressen skjult?, type: yes_no}

  pack:
    title: Pak det vigtigste
    what: Gå listen igennem.
    opens_when: done("talk")
    modality: may
    checklist:
      order: strict
      required: [papers]
      items: {papers: Pas og papirer, phone: Telefon, keys: Nøgler}
    questions:
      packed: {ask: Er der pakket?, type: yes_no}

  call_others:
    title: Ring til andre
    what: Rådgivningen svarer ikke.
    opens_when: unanswered("hotline") >= 2
    lapses_when: reached("hotline")
    lapse_reason: Rådgivningen har svaret.
    modality: may
    questions:
      others_called: {ask: Hvem fik du fat i?, type: text}

  ask_above:
    title: Spørg lederens leder
    what: Nærmeste leder er sprunget over.
    opens_when: bypassed("boss")
    modality: may
    questions:
      above_said: {ask: Hvad blev der svaret?, type: text}

  acute:
    title: Handl akut
    what: Ring nu.
    opens_when: acute.presses > rounds("acute")
    repeats: {at_most: 99}
    interrupts: true
    modality: must
    questions:
      acute_is_over:
        ask: Er det ovre?
        type: yes_no
        must_be: "yes"
        must_be_message: Bliv ved, til det er ovre.
        sets: {acute_over: "yes"}

  finish:
    title: Afslut
    what: Bed om at få sagen lukket.
    opens_when: done("talk")
    repeats: {at_most: 99}
    standing: true
    modality: must
    phase: follow_up

ends:
  over:
    title: Overstået
    allowed_when: done("talk")
    leaves_open: true
    questions:
      over_why: {ask: Hvorfor?, type: long_text}

entries:
  again: {title: Igen, within: 12 months, steps: [finish]}

handover:
  to: [receiver]
  expires: 30 minutes
  expires_acute: 15 minutes

cautions:
  careful: {text: Skriv ikke til hjemmet.}
"""


def family() -> Definition:
    """The definition, loaded from its text."""
    with TemporaryDirectory() as folder:
        for name, text in {"family": FAMILY, "contacts": CONTACTS, "ladders": LADDERS_OF_FAMILY}.items():
            (Path(folder) / f"{name}.yaml").write_text(text, encoding="utf-8")
        return load_file(Path(folder) / "family.yaml", thorough=False)


LADDERS_OF_FAMILY = LADDERS.replace("[keeper, boss]", "[keeper, in_charge]")


@contextmanager
def family_in_force() -> Iterator[Definition]:
    """Lets cases follow the invented protocol beside those that ship."""
    before, definition = in_force(), family()
    put_in_force(Library([*library().all(), definition]))
    try:
        yield definition
    finally:
        put_in_force(before)
