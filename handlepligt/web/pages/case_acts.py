"""The other forms of a case: acute, call, follow-up, handover, siblings, closing, reopening."""

from datetime import datetime, timedelta

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from handlepligt.cases.approve_close import approve_close
from handlepligt.cases.ask_to_close import ask_to_close
from handlepligt.cases.case_state import definition_of
from handlepligt.cases.hand_to_authority import FIELDS as AUTHORITY_FIELDS
from handlepligt.cases.hand_to_authority import hand_to_authority
from handlepligt.cases.link_sibling import link_sibling
from handlepligt.cases.log_call import log_call
from handlepligt.cases.offer_handover import NOTE_FIELDS, offer_handover
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.reopen_case import reopen_case
from handlepligt.cases.revoke_handover import revoke_handover
from handlepligt.cases.set_followup import set_followup
from handlepligt.cases.withdraw_close_request import withdraw_close_request
from handlepligt.errors import InvalidInputError, NotFoundError
from handlepligt.web.forms import parse_day
from handlepligt.web.pages.acts import Act
from handlepligt.web.questions import read_moment, read_questions
from models import Case, CloseRequest, HandoverOffer

router = APIRouter()
_NO_CASE = "Der er ingen sag med det nummer, som du har adgang til. Ret nummeret, eller skriv barnets navn."
_NO_DAY = "Skriv datoen som dag, måned og år."
_NOTE = {key: f"note.{key}" for key in NOTE_FIELDS}


@router.post("/sager/{reference}/akut")
def acute(act: Act) -> Response:
    """Presses acute and goes on to who can be called now."""
    return act.carry_out(
        lambda session, case_id: press_acute(session, case_id=case_id, by=act.by, now=act.now),
        name="acute",
        done="akut",
        to=f"/sager/{act.reference}/akut",
    )


@router.post("/sager/{reference}/opkald")
def call(act: Act) -> Response:
    """Logs a call: from the form with its own time, or with one press beside a number."""
    form = act.form
    problems: dict[str, str] = {}
    called_at: datetime | None = None
    if form.text("call.at.date") or form.text("call.at.time"):
        moment, wrong = read_moment(form, "call.at")
        called_at = datetime.fromisoformat(moment) if moment else None
        # The form shows whole minutes: a call made now must not lie before a receipt seconds ago.
        if called_at is not None and timedelta(0) <= act.now - called_at < timedelta(minutes=1):
            called_at = None
        problems = {"call.at": wrong} if wrong else {}

    def verb(session: Session, case_id: str) -> None:
        log_call(
            session,
            case_id=case_id,
            by=act.by,
            now=act.now,
            contact_key=form.line("call.contact"),
            outcome=form.line("outcome"),
            called_at=called_at,
            note=form.text("call.note"),
        )

    back = f"/sager/{act.reference}/akut" if form.line("from") == "akut" else ""
    fields = {"called_at": "call.at", "outcome": "call.contact"}
    return act.carry_out(
        verb, name="call", done="opkald", to=back, prefix="call.", fields=fields, problems=problems
    )


@router.post("/sager/{reference}/opfoelgning")
def followup(act: Act) -> Response:
    """Moves the next follow-up."""
    on = parse_day(act.form.text("followup.on"))

    def verb(session: Session, case_id: str) -> None:
        assert on is not None
        note = act.form.text("followup.note")
        set_followup(session, case_id=case_id, by=act.by, now=act.now, on=on, note=note)

    problems = {} if on else {"followup.on": _NO_DAY}
    return act.carry_out(verb, name="followup", done="opfoelgning", prefix="followup.", problems=problems)


@router.post("/sager/{reference}/overdragelse")
def handover(act: Act) -> Response:
    """Offers the duty to a person or a pool, with the structured note."""
    kind, _, to = act.form.line("handover.to").partition(":")
    to_id = int(to) if kind == "staff" and to.isascii() and to.isdigit() and len(to) < 10 else None

    def verb(session: Session, case_id: str) -> None:
        offer_handover(
            session,
            case_id=case_id,
            by=act.by,
            now=act.now,
            note={key: act.form.text(name) for key, name in _NOTE.items()},
            to_id=to_id,
            to_pool=to if kind == "pool" and to else None,
        )

    fields = {**_NOTE, "to": "handover.to", "pool": "handover.to"}
    return act.carry_out(verb, name="handover", done="tilbudt", fields=fields)


@router.post("/sager/{reference}/overdragelse/traek-tilbage")
def revoke(act: Act) -> Response:
    """Takes the waiting offer back."""

    def verb(session: Session, case_id: str) -> None:
        _belongs(session.get(HandoverOffer, act.form.line("offer")), case_id)
        revoke_handover(session, offer_id=act.form.line("offer"), by=act.by, now=act.now)

    return act.carry_out(verb, name="handover", done="trukket")


@router.post("/sager/{reference}/myndighed")
def authority(act: Act) -> Response:
    """Records that an outside authority has taken over the duty."""

    def verb(session: Session, case_id: str) -> None:
        hand_to_authority(
            session,
            case_id=case_id,
            by=act.by,
            now=act.now,
            authority={key: act.form.text(f"authority.{key}") for key in AUTHORITY_FIELDS},
            note={key: act.form.text(name) for key, name in _NOTE.items()},
        )

    return act.carry_out(verb, name="authority", done="myndighed", prefix="authority.", fields=_NOTE)


@router.post("/sager/{reference}/soeskende")
def sibling(act: Act) -> Response:
    """Links a case about another child, or raises one."""
    written = act.form.line("sibling.birth_date")
    birth_date = parse_day(written)

    reference = act.form.line("sibling.reference")

    def verb(session: Session, case_id: str) -> None:
        try:
            link_sibling(
                session,
                case_id=case_id,
                by=act.by,
                now=act.now,
                reference=reference or None,
                citizen_name=act.form.line("sibling.name") or None,
                birth_date=birth_date,
            )
        except NotFoundError as error:
            # The case itself is looked at again before its page is shown, and refused there.
            refused = InvalidInputError(problems={"reference": _NO_CASE})
            refused.leaves_behind = error.leaves_behind
            raise refused from None

    problems = {"sibling.birth_date": _NO_DAY} if written and birth_date is None else {}
    fields = {"citizen_name": "sibling.name"}
    return act.carry_out(
        verb,
        name="sibling",
        done="soeskende",
        prefix="sibling.",
        fields=fields,
        problems=problems,
    )


@router.post("/sager/{reference}/luk")
def close(act: Act) -> Response:
    """Asks for the case to be closed."""
    end_key = act.form.line("close.end")
    prefix = f"end.{end_key}."

    def verb(session: Session, case_id: str) -> None:
        case = session.get(Case, case_id)
        end = definition_of(case).ends.get(end_key) if case else None
        answers, _ = read_questions(end.questions.values() if end else (), prefix, act.form)
        ask_to_close(
            session,
            case_id=case_id,
            by=act.by,
            now=act.now,
            end_key=end_key,
            reason=act.form.text("close.reason"),
            has_siblings=act.form.line("close.has_siblings"),
            answers=answers,
        )

    fields = {key: f"close.{key}" for key in ("end", "reason", "has_siblings")}
    return act.carry_out(verb, name="close", done="lukning", prefix=prefix, fields=fields)


@router.post("/sager/{reference}/luk/traek-tilbage")
def withdraw(act: Act) -> Response:
    """Takes the request to close back, or turns it down."""

    def verb(session: Session, case_id: str) -> None:
        _belongs(session.get(CloseRequest, act.form.line("request")), case_id)
        withdraw_close_request(session, request_id=act.form.line("request"), by=act.by, now=act.now)

    return act.carry_out(verb, name="close", done="lukning-trukket")


@router.post("/sager/{reference}/luk/godkend")
def approve(act: Act) -> Response:
    """Approves that the case is closed."""

    def verb(session: Session, case_id: str) -> None:
        _belongs(session.get(CloseRequest, act.form.line("request")), case_id)
        approve_close(session, request_id=act.form.line("request"), by=act.by, now=act.now)

    return act.carry_out(verb, name="close", done="lukket")


@router.post("/sager/{reference}/genaabn")
def reopen(act: Act) -> Response:
    """Opens a closed case again."""

    def verb(session: Session, case_id: str) -> None:
        reason = act.form.text("reopen.reason")
        reopen_case(session, case_id=case_id, by=act.by, now=act.now, reason=reason)

    return act.carry_out(verb, name="reopen", done="genaabnet", prefix="reopen.")


def _belongs(row: HandoverOffer | CloseRequest | None, case_id: str) -> None:
    # The address names one case and the form another row: whoever wrote that did not use our page.
    if row is not None and row.case_id != case_id:
        raise NotFoundError("the row belongs to another case")
