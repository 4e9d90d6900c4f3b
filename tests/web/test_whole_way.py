"""A concern taken from the first page to closed and back, by forms alone."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from handlepligt.domain.vocabulary import CaseStatus
from models import Case, CloseRequest
from models.session import reading
from tests.house import House
from tests.web.conftest import OpenBrowser


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """The whole way also on the other database."""
    made: Engine = request.getfixturevalue(f"{request.param}_engine")
    return made


def test_a_concern_goes_from_raised_to_closed_and_is_reopened(
    open_browser: OpenBrowser, engine: Engine, house: House
) -> None:
    otto, lars = open_browser("otto"), open_browser("lars")
    new = otto.get("/bekymringer")
    raised = otto.post(
        "/bekymringer",
        **{
            "form_key": otto.field("form_key", new),
            "citizen_name": "Omar Opdigtet",
            "birth_date": "01-05-1990",
            "summary": "Han er truet af sin onkel.",
            "received_at.date": otto.field("received_at.date", new),
            "received_at.time": otto.field("received_at.time", new),
        },
    )
    page = str(raised.url.copy_with(query=None))

    def step(key: str, **answers: str) -> None:
        typed = {f"q.{question}": answer for question, answer in answers.items()}
        answer = otto.post(f"{page}/trin/{key}", round="1", **typed)
        assert answer.status_code == 200, (key, answer.text)

    step("discuss", discussed_with=f"coordinator:{house.karin.id}", sparring_needed="no")
    step("siblings", other_children="no")
    step("assess", still_concerned="no", assessment_reason="Det var en misforståelse.")
    ready = otto.get(page)
    asked = otto.post(
        f"{page}/luk",
        **{
            "close.end": "not_concerned",
            "close.reason": "Vi er ikke længere bekymrede.",
            "close.has_siblings": "no",
            "end.not_concerned.closing_reason": "Alt er talt igennem.",
        },
    )
    with reading(engine) as session:
        request = session.exec(select(CloseRequest)).one()
    own = otto.post(f"{page}/luk/godkend", request=request.id)
    waiting = lars.get("/")
    for path in ("/indbakke", "/svartider", "/systemtilstand", f"{page}/akut"):
        lars.get(path)
    closed = lars.post(f"{page}/luk/godkend", request=request.id)
    empty = otto.post(f"{page}/genaabn", **{"reopen.reason": ""})
    reopened = otto.post(f"{page}/genaabn", **{"reopen.reason": "Han har ringet igen."})

    assert "Bed om at få sagen lukket" in ready
    assert "Lederen er bedt om at godkende" in asked.text
    assert own.status_code == 403
    assert "Ønsket af Otto Krogh" in waiting
    assert "Sagen er lukket" in closed.text
    assert "Alt er talt igennem." in closed.text or "Ikke længere bekymret" in closed.text
    assert empty.status_code == 422
    assert "Sagen er åben igen" in reopened.text
    with reading(engine) as session:
        assert session.exec(select(Case.status)).one() == CaseStatus.REOPENED
