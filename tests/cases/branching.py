"""Two invented protocols: one with a form and a meeting, which raises cases on the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from protocols.definition import Definition
from protocols.library import Library, in_force, put_in_force
from protocols.loader import library, load_all
from tests.protocols.small import CONTACTS, LADDERS

HEAD = """\
head:
  key: {key}
  version: "2026-1"
  title: {title}
  language: da
  country: DK
  zone: Europe/Copenhagen
  calendar: DK
  organisation: {{name: Prøveby}}
  source: Opfundet
  raised_by: [adviser]
  applies_when: "true"
"""

TRUNK = (
    HEAD.format(key="trunk", title="Hovedsagen")
    + """
relations:
  sibling: {title: Søskende}

facts:
  in_danger: {type: yes_no, scope: person, ask: Er barnet i fare?, when_unknown: "no"}

roles:
  keeper: {title: Den handlepligtige, holder: true}
  boss: {title: Nærmeste leder, superior_of: keeper}
  in_charge: {title: Den næste, first_of: [boss, expert], bypass: [is_the_concern]}
  expert: {title: Sikkerhedskonsulent, staff: {role: safety_consultant}}
  adviser: {title: Rådgiver, staff: {role: adviser}}

forms:
  danger:
    title: Fare
    items:
      threats: {ask: Trusler?, choices: {no: {label: Nej, score: 0}, yes: {label: Ja, score: 2}}}
    bands: {low: {title: Lav, from: 0}, high: {title: Høj, from: 2}}
    override: {role: boss}

steps:
  talk:
    title: Tal sammen
    what: Tal med din leder.
    opens_when: "true"
    modality: must
    questions:
      own_case: {ask: Skal der rejses en sag for sig?, type: yes_no}
    deadlines:
      talked: {base: receipt, within: 1 working day, basis: local, decided: false, ladder: local}

  judge:
    title: Bedøm faren
    what: Udfyld skemaet.
    opens_when: done("talk")
    modality: may
    questions:
      judged: {ask: Skemaet, type: form, form: danger}
    deadlines:
      judged_soon: {base: opened("judge"), within: 3 days, basis: local, decided: false}

  alarm:
    title: Faren er høj
    what: Gør noget.
    opens_when: answer.judged == "high"
    modality: may
    deadlines:
      alarmed: {base: opened("alarm"), within: 3 days, basis: local, decided: false}

  gather:
    title: Saml op
    what: Se på, hvordan det gik.
    opens_when: answer.apart == "over"
    modality: may
    deadlines:
      gathered: {base: opened("gather"), within: 3 days, basis: local, decided: false}

  finish:
    title: Afslut
    what: Bed om at få sagen lukket.
    opens_when: done("talk")
    repeats: {at_most: 9}
    standing: true
    modality: must
    deadlines:
      finished: {base: opened("finish"), within: 5 working days, basis: local, decided: false}

meetings:
  network:
    title: Netværksmøde
    called_when: done("talk") && answer.own_case == "no"
    members: {fixed: {school: Skolen}}
    actions: true
    modality: may
    deadlines:
      held: {base: opened("network"), within: 3 weeks, basis: local, decided: false, ladder: local}

sub_protocols:
  apart:
    title: Sag for sig
    protocol: branch
    opens_when: done("talk") && answer.own_case == "yes" && rounds("apart") < 2
    repeats: {at_most: 2}
    ends: {over: Overstået, moved: Flyttet}
    holder: expert
    lapses_when: acute.on
  sibling_case:
    title: Søskendes sag
    protocol: branch
    opens_when: person.in_danger == "yes"
    per_person: sibling
    holder: adviser
    several: 2
    may_outlive: true

ends:
  done: {title: Slut, allowed_when: done("talk")}

entries:
  again: {title: Igen, within: 12 months, steps: [finish]}

handover: {to: [adviser]}
"""
)

BRANCH = (
    HEAD.format(key="branch", title="Grenen")
    + """
roles:
  keeper: {title: Den handlepligtige, holder: true}
  boss: {title: Nærmeste leder, superior_of: keeper}

steps:
  look:
    title: Se efter
    what: Se, hvordan det går.
    opens_when: "true"
    modality: may
    questions:
      looked: {ask: Hvad så du?, type: text}
    deadlines:
      seen: {base: receipt, within: 2 days, basis: local, decided: false, ladder: local}

  finish:
    title: Afslut
    what: Bed om at få sagen lukket.
    opens_when: "true"
    repeats: {at_most: 9}
    standing: true
    modality: must
    deadlines:
      finished: {base: opened("finish"), within: 5 working days, basis: local, decided: false}

ends:
  over: {title: Overstået, allowed_when: "true"}
  moved: {title: Flyttet, allowed_when: "true"}

entries:
  again: {title: Igen, within: 12 months, steps: [finish]}

handover: {to: [boss]}
"""
)


def trees() -> tuple[Definition, ...]:
    """Both definitions, loaded from their texts."""
    with TemporaryDirectory() as folder:
        files = {"trunk": TRUNK, "branch": BRANCH, "contacts": CONTACTS, "ladders": LADDERS}
        for name, text in files.items():
            (Path(folder) / f"{name}.yaml").write_text(text, encoding="utf-8")
        return load_all(Path(folder), thorough=False).all()


@contextmanager
def branching_in_force() -> Iterator[None]:
    """Lets cases follow the invented protocols beside those that ship."""
    before = in_force()
    put_in_force(Library([*library().all(), *trees()]))
    try:
        yield
    finally:
        put_in_force(before)
