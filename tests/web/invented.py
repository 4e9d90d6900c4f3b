"""A case on the invented definition that uses every kind, played to where a page or a program is tried."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from handlepligt.cases.tick_item import tick_item
from models import Case
from protocols.library import Library, in_force, put_in_force
from protocols.loader import library, load_all
from tests.cases.acting import Stage

FOLDER = Path(__file__).parents[1] / "protocols" / "invented"
FACTS = {"deed_on": "2026-11-01", "known_on": "2026-11-02", "weapon": "no", "living": "home"}
MILD = {"items": {"threats": "no", "control": "some"}}
GRAVE = {"items": {"threats": "yes"}}


@contextmanager
def invented_in_force() -> Iterator[None]:
    """Lets cases follow the invented definitions beside those that ship."""
    before = in_force()
    put_in_force(Library([*library().all(), *load_all(FOLDER, thorough=False).all()]))
    try:
        yield
    finally:
        put_in_force(before)


def raised(stage: Stage, **facts: str) -> Case:
    return stage.raised(track="proeveby_violence", birth_date=date(1990, 5, 1), facts=FACTS | facts)


def assessment(stage: Stage, form: dict[str, Any] | None = None) -> dict[str, Any]:
    """Answers to the first step of the invented case, that leave it worried."""
    return {
        "danger_form": form or MILD,
        "assessed_with": {"role": "leader", "staff": stage.house.lars.id},
        "still_worried": "yes",
        "act_now": "no",
        "assess_note": "Samtale i dag.",
    }


def assessed(stage: Stage, **facts: str) -> Case:
    case = raised(stage, **facts)
    stage.complete(case, "assess", by=stage.house.mia, **assessment(stage))
    return case


def at_the_meeting(stage: Stage) -> Case:
    """A case whose open step is the meeting."""
    case, mia, today = assessed(stage), stage.house.mia, stage.now.date().isoformat()
    stage.do(tick_item, by=mia, case_id=case.id, step_key="plan", item="code_word", done=True)
    stage.complete(case, "plan", by=mia, plan_note="I journalen", plan_from=stage.now.isoformat())
    daily = {
        "items": {
            "sleep": {"before": "good", "now": "worrying"},
            "school": {"before": "good", "now": "good"},
        },
        "overall": "bad",
    }
    stage.complete(case, "examine", by=stage.house.selma, daily_form=daily, visits=2)
    stage.complete(case, "gather", by=mia, way_on="meet", look_again_on=today)
    return case
