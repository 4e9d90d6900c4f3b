"""Changes to the small definition that give it linked people, a join and a deadline with a path."""

from __future__ import annotations

Change = tuple[str, str]

RELATIONS: Change = (
    "facts:\n",
    "relations:\n  sibling: {title: Søskende}\n  partner: {title: Partner}\n\nfacts:\n"
    "  at_home: {type: yes_no, scope: person, relations: [sibling], ask: Bor hjemme?, "
    'when_unknown: "yes"}\n',
)
VISIT_OPENS = 'opens_when: done("talk") && answer.worried == "yes"\n    modality: should\n'
VISITED = '{base: done("talk"), within: 2 months, basis: law, reference: act, ladder: local}'


def visit_opens(condition: str, *lines: str) -> Change:
    """The visit opens under another condition, with more said of it."""
    said = "".join(f"    {line}\n" for line in lines)
    return VISIT_OPENS, f"opens_when: {condition}\n    modality: should\n{said}"


def comes_back(at_most: int) -> tuple[Change, ...]:
    """The visit is made again until the answer is that it was enough."""
    opens = 'opens_when: done("talk") && answer.worried == "yes" && answer.visit_note != "enough"'
    choices = "type: choice\n        choices: {enough: Det er nok, more: Der skal mere til}"
    return (
        (VISIT_OPENS, f"{opens}\n    repeats: {{at_most: {at_most}}}\n    modality: must\n"),
        ("ask: Hvad så du?\n        type: text", f"ask: Hvad så du?\n        {choices}"),
        ('settled("visit")', 'answer.visit_note == "enough"'),
    )


# The visit is made to each brother and sister who lives at home.
PER_SIBLING: Change = visit_opens('done("talk") && person.at_home == "yes"', "per_person: sibling")
# The case waits for the visits there are.
NONE_OPEN: Change = ('(answer.worried == "no" || settled("visit"))', '!is_open("visit")')

CALL_STEP = """\
  call:
    title: Ring
    what: Ring til skolen.
    opens_when: done("talk") && answer.worried == "yes"
    modality: should
    questions:
      called_who: {ask: Hvem?, type: text}
    deadlines:
      called: {base: opened("call"), within: 2 days, basis: local, decided: false}

"""
WITH_CALL: Change = ("  finish:\n", f"{CALL_STEP}  finish:\n")
JOIN = "joins:\n  both: {after: talk, of: [visit, call], need: all}\n\nrules:\n"
WITH_JOIN: Change = ("rules:\n", JOIN)
WAITS_FOR_BOTH: Change = ('answer.worried == "no" || settled("visit")', 'joined("both")')
EXPIRING: Change = (VISITED, VISITED.replace("ladder: local", "ladder: local, at_expiry: path"))
