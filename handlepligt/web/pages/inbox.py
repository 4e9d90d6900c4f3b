"""The inbox (indbakke): what Handlepligt has told this person."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from handlepligt.web.deps import Database, Looks, Now, OwnForm
from handlepligt.web.rendering import render
from models.session import reading, writing
from notifications.inbox import inbox, mark_read

router = APIRouter(prefix="/indbakke")


@router.get("")
def show(request: Request, visitor: Looks, engine: Database, fra: str = "") -> Response:
    """A page of messages, newest first."""
    with reading(engine) as session:
        page = inbox(session, visitor.staff.id or 0, cursor=fra or None)
    return render(request, "inbox/show.html", {"page": page})


@router.post("/laest")
def read(form: OwnForm, visitor: Looks, engine: Database, now: Now) -> Response:
    """Marks the chosen messages as read; goes on to what the message is about, if it was opened."""
    with writing(engine) as session:
        for notification_id in form.many("id")[:100]:
            mark_read(session, notification_id, visitor.staff.id or 0, now)
    to = form.line("to")
    is_ours = to.startswith("/") and not to.startswith("//") and "\\" not in to and to.isprintable()
    return RedirectResponse(to if is_ours else "/indbakke", status_code=303)
