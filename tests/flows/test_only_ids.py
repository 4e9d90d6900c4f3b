"""An error loses everything but its kind and the case's id."""

import traceback

import pytest

from flows.only_ids import MirrorError, only_ids


@only_ids
def work(case_id: str, text: str) -> str:
    if text:
        raise ValueError(text)
    return "done"


def test_neither_the_error_nor_anything_chained_to_it_says_what_it_said() -> None:
    said = "Amira Opdigtet"

    with pytest.raises(MirrorError) as caught:
        work("c1", said)

    assert str(caught.value) == "ValueError in case c1"
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert "Amira" not in "".join(traceback.format_exception(caught.value))


def test_work_that_succeeds_is_left_alone() -> None:
    assert work("c1", "") == "done"


def test_what_ends_a_run_on_purpose_passes() -> None:
    @only_ids
    def park(case_id: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        park("c1")
