"""The demo's sixty stories: who raises which made-up concern, and what is done about it when."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Act:
    """One act of a story, so many hours before the demo's present."""

    hours_ago: float
    verb: str
    steps: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    to: str = ""
    pool: str = ""


@dataclass(frozen=True)
class Story:
    """One made-up concern; the first act raises it."""

    track: str
    raiser: str
    age: int | None
    summary: str
    acts: tuple[Act, ...]
    facts: Mapping[str, str] = field(default_factory=dict)
    minutes_late: int = 5


_U18, _O18, _FP = "adviser_under_18", "adviser_over_18", "professional"
_LEADER = {"mia": "lars", "nora": "lars", "otto": "lone", "olga": "lone", "frida": "leif", "finn": "leif"}
_CONVERSATION = {_U18: "child_conversation", _O18: "citizen_conversation", _FP: "underretning_decision"}
_SUMMARIES = (
    "Opdigtet: en elev må ikke længere gå hjem alene og er bange for ferien.",
    "Opdigtet: en ung bliver hentet hver dag og har fået taget sin telefon.",
    "Opdigtet: en borger fortæller om pres for at blive forlovet.",
    "Opdigtet: en pige er holdt op med at komme til undervisning efter en konflikt hjemme.",
    "Opdigtet: en ung mand er truet af sine fætre på grund af sin kæreste.",
    "Opdigtet: en kollega har hørt om en planlagt rejse, den unge ikke vil med på.",
)
_YES = {"still_concerned": "yes"}
_PLAN = _YES | {"safety_plan_needed": "yes"}
_DONE_AT_ONCE = ("danger_assessment", "acknowledge_underretning")


def _discussed(start: float, **answers: str) -> tuple[Act, ...]:
    return (
        Act(start, "raise"),
        Act(start - 3, "complete", ("danger_assessment",)),
        Act(start - 5, "complete", ("discuss",), answers),
    )


def _assessed(start: float, track: str, answers: Mapping[str, str]) -> tuple[Act, ...]:
    return (
        *_discussed(start, sparring_needed="yes"),
        Act(start - 28, "complete", ("sparring", "acknowledge_underretning")),
        Act(start - 50, "complete", ("assess",), answers),
        Act(start - 51, "complete", ("siblings",)),
    )


def _worked(start: float, track: str, answers: Mapping[str, str] = _PLAN) -> tuple[Act, ...]:
    return (
        *_assessed(start, track, answers),
        Act(start - 70, "complete", ("safety_plan", "risk_assessment")),
        Act(start - 96, "complete", (_CONVERSATION[track], "child_assessment_decision")),
        Act(start - 200, "complete", ("follow_up",)),
    )


def _ended(start: float, track: str, raiser: str) -> tuple[Act, ...]:
    return (
        *_worked(start, track),
        Act(start - 300, "complete", ("follow_up",), {"followup_outcome": "may_end"}),
        Act(start - 310, "ask", answers={"end": "help_in_place"}),
        Act(start - 330, "approve", to=_LEADER[raiser]),
    )


def _unfounded(start: float, raiser: str) -> tuple[Act, ...]:
    return (
        *_discussed(start, sparring_needed="no"),
        Act(start - 30, "complete", ("assess",), {"still_concerned": "no"}),
        Act(start - 31, "complete", ("acknowledge_underretning", "siblings")),
        Act(start - 40, "ask", answers={"end": "not_concerned"}),
        Act(start - 60, "approve", to=_LEADER[raiser]),
    )


def _acute(start: float, contact: str = "safety_responsible") -> tuple[Act, ...]:
    return (
        *_discussed(start, sparring_needed="no"),
        Act(start - 6, "acute"),
        Act(start - 6.2, "call", answers={"contact": contact, "outcome": "no_answer"}),
        Act(start - 6.4, "call", answers={"contact": contact, "outcome": "answered"}),
    )


def _answered_acute(start: float) -> tuple[Act, ...]:
    return (
        *_acute(start),
        Act(start - 6.5, "complete", ("acute",), {"responsible_reached": "yes"}),
        Act(start - 7, "complete", ("safety_acceptance",)),
    )


def _closing(start: float, track: str) -> tuple[Act, ...]:
    return (
        *_worked(start, track),
        Act(start - 260, "complete", ("follow_up",), {"followup_outcome": "may_end"}),
        Act(6, "ask", answers={"end": "help_in_place"}),
    )


_OFFERED_TO = {"mia": "nora", "nora": "mia", "otto": "olga", "olga": "otto", "frida": "mia", "finn": "nora"}


def _receiver(raiser: str, age: int | None) -> str:
    """Who can take over: the age of the citizen decides which advisers."""
    return "otto" if raiser in ("frida", "finn") and age is not None and age >= 18 else _OFFERED_TO[raiser]


def _handed(start: float, raiser: str) -> tuple[Act, ...]:
    to = _OFFERED_TO[raiser]
    return (
        *_discussed(start, sparring_needed="no"),
        Act(start - 8, "offer", to=to),
        Act(start - 8.2, "accept", to=to),
        Act(start - 30, "complete", ("assess",), _YES),
    )


def _told(track: str, raiser: str, age: int | None, number: int) -> Story:
    """Story `number` of a raiser: each of ten kinds once, at different ages of the case."""
    spread = number * 7 % 24
    kinds: tuple[tuple[Act, ...], ...] = (
        (Act(1 + spread / 24, "raise"),),
        (Act(30 + spread, "raise"),),
        _discussed(20 + spread / 3, sparring_needed="yes"),
        _assessed(90 + spread, track, _PLAN),
        _worked(330 + spread, track),
        _acute(9 + spread / 12),
        _answered_acute(40 + spread),
        (*_discussed(26 + spread / 2, sparring_needed="no"), Act(0.3, "offer", to=_receiver(raiser, age))),
        _ended(700 + 24 * number, track, raiser),
        _unfounded(500 + 24 * number, raiser),
    )
    return Story(
        track=track,
        raiser=raiser,
        age=age,
        summary=_SUMMARIES[number % len(_SUMMARIES)],
        acts=_at_own_pace(kinds[number % len(kinds)], number),
        facts={"underretning_received": "no"} if track == _U18 and number % 2 else {},
        minutes_late=5 + 11 * number % 90,
    )


def _at_own_pace(acts: tuple[Act, ...], number: int) -> tuple[Act, ...]:
    """The same acts closer together: some people are quicker than others."""
    pace, start = 0.4 + number * 37 % 60 / 100, acts[0].hours_ago
    return tuple(replace(act, hours_ago=start - (start - act.hours_ago) * pace) for act in acts)


def _more() -> tuple[Story, ...]:
    """The kinds that one of a sort is enough of."""
    return (
        Story(_U18, "mia", 17, _SUMMARIES[0], _closing(420, _U18)),
        Story(_O18, "otto", 23, _SUMMARIES[2], _closing(430, _O18)),
        Story(_U18, "nora", 15, _SUMMARIES[3], _handed(60, "nora")),
        Story(_FP, "frida", 16, _SUMMARIES[1], _handed(75, "frida")),
        Story(_U18, "mia", 14, _SUMMARIES[5], (*_ended(600, _U18, "mia"), Act(20, "reopen"))),
        Story(_U18, "nora", 13, _SUMMARIES[4], (*_assessed(100, _U18, _PLAN), Act(30, "sibling"))),
    )


_CAST = (
    (_U18, "mia", (17, 15, None, 13, 16)),
    (_U18, "nora", (16, 14, 12, None, 17)),
    (_O18, "otto", (19, 24, 31, 22, 18)),
    (_O18, "olga", (20, 27, 45, 33, 21)),
    (_FP, "frida", (16, 15, 19, None, 14)),
    (_FP, "finn", (13, 17, 22, 11, 16)),
)

STORIES: tuple[Story, ...] = (
    *(
        _told(track, raiser, ages[turn % len(ages)], turn + shift)
        for shift, (track, raiser, ages) in enumerate(_CAST)
        for turn in range(9)
    ),
    *_more(),
)
