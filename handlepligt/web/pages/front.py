"""The front page: one's own cases for those who work them, the team's for those who lead."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from handlepligt.cases.view_board import board_of, desk_of
from handlepligt.cases.view_tasks import tasks_of
from handlepligt.domain.access import HouseAction
from handlepligt.domain.vocabulary import StaffRole
from handlepligt.web.deps import Database, Looks, Now
from handlepligt.web.due import due_mark
from handlepligt.web.pages.cases import NOTICES
from handlepligt.web.rendering import render
from models.session import reading

router = APIRouter()


@router.get("/")
def show(request: Request, visitor: Looks, engine: Database, now: Now, gemt: str = "") -> Response:
    """The board, the desk, or a plain page with what this person may open."""
    context: dict[str, object] = {"now": now, "due_mark": due_mark, "notice_text": NOTICES.get(gemt, "")}
    with reading(engine) as session:
        context["tasks"] = tasks_of(session, visitor.staff, now)
        if visitor.may(HouseAction.SEE_BOARD):
            # A head knows of every case but not what stands in it, so nothing there is a link.
            context["may_open"] = not visitor.may(HouseAction.SEE_ALL_TEAMS)
            context["may_acknowledge"] = visitor.staff.role in (StaffRole.LEADER, StaffRole.HEAD)
            context["board"] = board_of(session, visitor.staff, now)
            desk = desk_of(session, visitor.staff, now)
            # Leaders can hold a duty too; their own cases must not hide behind the team's.
            context["desk"] = desk if desk.cases.total or desk.offered else None
            return render(request, "front/board.html", context)
        if visitor.may(HouseAction.RAISE_CONCERN):
            context["desk"] = desk_of(session, visitor.staff, now)
            return render(request, "front/desk.html", context)
    return render(request, "front/plain.html", context)
