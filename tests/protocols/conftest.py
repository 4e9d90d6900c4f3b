"""What holds of every test of definitions: whatever is complained of in it can be said in Danish."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from protocols.complaint_words import UNTRANSLATED
from protocols.problems import Problem


@pytest.fixture(autouse=True)
def complaints_have_their_danish(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails a test in which somebody complained in a sentence that protocols/wording/complaints lacks."""
    made: dict[str, Problem] = {}
    complain = Problem.__post_init__

    def listening(problem: Problem) -> None:
        complain(problem)
        made.setdefault(problem.sentence, problem)

    monkeypatch.setattr(Problem, "__post_init__", listening)
    yield
    lacking = [said for said, problem in made.items() if problem.danish.startswith(UNTRANSLATED)]
    assert lacking == [], "write their Danish in protocols/wording/complaints"
