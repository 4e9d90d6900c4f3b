"""An invented protocol in another zone, with every way in which a deadline moves, ends or stands still."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from protocols.definition import Definition
from protocols.library import Library, in_force, put_in_force
from protocols.loader import library, load_file
from tests.protocols.small import CONTACTS

LADDERS = """\
ladders:
  quiet:
    rungs:
      - {from: due, offset: "-1 working day", to: [keeper]}
      - {from: due, offset: "0 hours", to: [keeper, boss], marks: overdue}
"""

CLOCKWORK = """\
head:
  key: clockwork
  version: "2026-1"
  title: Alle slags frister
  language: da
  country: US
  zone: America/New_York
  calendar: {holidays: US, region: NY, office: {opens: "09:00", closes: "17:00"}}
  organisation: {name: Prøveby}
  source: Opfundet
  raised_by: [adviser]
  applies_when: "true"

relations:
  sibling: {title: Søskende}

facts:
  heard_on: {type: date, ask: Hvornår hørte kommunen om det?, moment: awareness}

roles:
  keeper: {title: Den handlepligtige, holder: true}
  boss: {title: Nærmeste leder, superior_of: keeper}
  receiver: {title: Rådgiver, staff: {role: adviser}}

steps:
  inquire:
    title: Undersøg
    what: Undersøg sagen.
    opens_when: "true"
    modality: may
    phase: received
    questions:
      inquired: {ask: Er det undersøgt?, type: yes_no}
    deadlines:
      finished:
        title: Undersøgelsen færdig
        base: awareness
        within: 4 months
        basis: law
        reference: act
        ladder: quiet
        extension:
          {by: boss, why: [Familien er rejst], within: 14 days, at_most: 2, cap: 21 weeks, reference: more}

  offer:
    title: Tilbyd hjælp
    what: Tilbuddet gælder i to dage.
    opens_when: "true"
    modality: may
    repeats: {at_most: 9}
    questions:
      taken: {ask: Tog hun imod?, type: yes_no}
    deadlines:
      stands: {title: Tilbuddet, base: opened("offer"), within: 48 hours, basis: local, at_expiry: lapse}

  hear:
    title: Hør familien
    what: Familien skal svare.
    opens_when: "true"
    modality: may
    questions:
      heard: {ask: Hvad svarede de?, type: yes_no}
    deadlines:
      answered:
        title: Svaret
        base: opened("hear")
        within: 3 working days
        basis: local
        ladder: quiet
        at_expiry: path

  chase:
    title: Ryk for svar
    what: Familien har ikke svaret.
    opens_when: expired("hear.answered")
    modality: may
    questions:
      chased: {ask: Er der rykket?, type: yes_no}
    deadlines:
      chasing: {base: opened("chase"), within: 2 hours, basis: local}

  look:
    title: Se til barnet
    what: Se til hvert barn.
    opens_when: "true"
    per_person: sibling
    modality: may
    questions:
      looked: {ask: Er der set til barnet?, type: yes_no}
    deadlines:
      in_a_day: {title: Besøget, base: opened("look"), within: 24 hours, basis: local, at_expiry: lapse}

  agree:
    title: Aftal
    what: Skriv, hvad I aftaler.
    opens_when: "true"
    modality: may
    questions:
      agreed: {ask: Hvad er aftalt?, type: actions}

  keep:
    title: Hold aftalerne
    what: Gør det, der er aftalt.
    opens_when: done("agree")
    modality: may
    checklist: {from: agreed}
    deadlines:
      kept: {title: Aftale, base: action("agreed"), within: 0 days, basis: agreed, ladder: quiet}

  alarm:
    title: Slå alarm
    what: Ring.
    opens_when: acute.presses > rounds("alarm")
    repeats: {at_most: 9}
    interrupts: true
    pauses: [plan, sign]
    modality: must
    questions:
      calm: {ask: Er det ovre?, type: yes_no, sets: {acute_over: "yes"}}
    deadlines:
      rung: {base: opened("alarm"), at_once: true, remind_after: 30 minutes, basis: local}

  plan:
    title: Læg en plan
    what: Læg en plan.
    opens_when: "true"
    modality: may
    questions:
      meeting_on: {ask: Hvornår er mødet?, type: date, may_be_ahead: true}
    repeats: {at_most: 9}
    deadlines:
      in_hours: {base: opened("plan"), within: 48 hours, basis: local, ladder: quiet}
      in_days: {base: opened("plan"), within: 5 working days, basis: local}
      by_law: {base: opened("plan"), within: 5 working days, basis: law, reference: act}

  sign:
    title: Underskriv
    what: Alle skriver under inden mødet.
    opens_when: done("plan")
    modality: may
    questions:
      signed: {ask: Er det underskrevet?, type: yes_no}
    deadlines:
      before: {base: answer("meeting_on"), within: 10 working days before, basis: law, reference: act}

  escalate:
    title: Mønster
    what: Der er slået alarm igen og igen.
    opens_when: count_within("alarm", "30 days") >= 2
    lapses_when: count_within("alarm", "30 days") < 2
    lapse_reason: Det er længe siden.
    modality: may
    questions:
      seen: {ask: Er det set?, type: yes_no}
    deadlines:
      watched: {base: opened("escalate"), within: 60 days, basis: local}

  finish:
    title: Afslut
    what: Bed om at få sagen lukket.
    opens_when: "true"
    standing: true
    modality: must
    phase: follow_up

ends:
  over: {title: Overstået, allowed_when: "true", leaves_open: true}

handover:
  to: [receiver]

legal_references:
  act: {about: Undersøgelse, cited: "Loven § 1", successor: "Loven § 2"}
  more: {about: Forlængelse, cited: "Loven § 3", successor: "Loven § 4"}
"""


def clockwork() -> Definition:
    """The definition, loaded from its text."""
    with TemporaryDirectory() as folder:
        for name, text in {"clockwork": CLOCKWORK, "contacts": CONTACTS, "ladders": LADDERS}.items():
            (Path(folder) / f"{name}.yaml").write_text(text, encoding="utf-8")
        return load_file(Path(folder) / "clockwork.yaml", thorough=False)


@contextmanager
def clockwork_in_force() -> Iterator[Definition]:
    """Lets cases follow the invented protocol beside those that ship."""
    before, definition = in_force(), clockwork()
    put_in_force(Library([*library().all(), definition]))
    try:
        yield definition
    finally:
        put_in_force(before)
