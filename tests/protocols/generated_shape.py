"""The shape of a generated definition: a beginning, parts one after the other, things beside them, an end."""

from __future__ import annotations

from tests.protocols.generated import Author, Doc
from tests.protocols.generated_besides import BESIDES
from tests.protocols.generated_parts import PARTS


def write(author: Author, *, most_parts: int = 3, most_besides: int = 4) -> Doc:
    """The definition, whole: every part ends on every way, and what ends the case hangs on the last."""
    _facts(author)
    begin = author.name()
    asked = author.question() | author.questions()
    author.step("true", begin, phase="received", questions=asked)
    author.before.append(begin)
    answer = f"answer.{next(iter(asked))}"
    interrupt = _interrupt(author) if author.maybe() else ""
    gates = [f'done("{begin}")']
    for _ in range(author.number(0, most_parts)):
        gates.append(author.one_of(PARTS)(author, gates[-1]))
    for _ in range(author.number(0, most_besides)):
        author.one_of(BESIDES)(author, author.one_of(gates), interrupt)
    _end(author, gates[-1], answer, interrupt)
    _rules(author, begin, interrupt)
    _rest(author, begin)
    return author.doc


def _facts(author: Author) -> None:
    asked: list[Doc] = [
        {"type": "yes_no", "when_unknown": author.one_of(("yes", "no"))},
        {"type": "choice", "choices": {"home": "Hjemme", "no": "Nej"}, "when_unknown": "home"},
        {"type": "number", "when_unknown": 0},
        {"type": "date", "moment": author.one_of(("deed", "awareness"))},
        {"type": "date"},
        {"type": "text", "when_unknown": ""},
    ]
    for one in author.some_of(asked):
        author.add("facts", {"title": "Kendsgerning", "ask": "Hvad ved I?"} | one)
    if author.maybe():
        child = 'age == null || age < 18 ? "yes" : "no"'
        author.add("facts", {"type": "yes_no", "is": child, "when_unknown": "yes"})


def _interrupt(author: Author) -> str:
    key = author.name()
    over = {"must_be": "yes", "must_be_message": "Bliv ved.", "sets": {"acute_over": "yes"}}
    more: Doc = {"pauses": author.one_of(("all", list(author.before)))} if author.maybe() else {}
    author.step(
        f'acute.presses > rounds("{key}")',
        key,
        repeats={"at_most": 90},
        interrupts=True,
        contacts=["night"],
        questions=author.question(**over),
        deadlines={
            author.name(): {
                "base": f'opened("{key}")', "at_once": True, "remind_after": "15 minutes", "basis": "local",
            }
        },
        **more,
    )  # fmt: skip
    author.has_interrupt = True
    return key


def _end(author: Author, gate: str, answer: str, interrupt: str) -> None:
    calm = f' && !is_open("{interrupt}") && !acute.on' if interrupt else ""
    again: Doc = (
        {"lapses_when": f'is_open("{interrupt}")', "lapse_reason": "Fare.", "repeats": {"at_most": 95}}
        if interrupt
        else {}
    )
    finish = author.step(f"({gate}){calm}", standing=True, phase="follow_up", **again)
    is_open = f'is_open("{finish}")'
    if author.maybe():
        author.add("ends", {"title": "Ja", "allowed_when": f'{is_open} && {answer} == "yes"'})
        author.add("ends", {"title": "Nej", "allowed_when": f'{is_open} && {answer} != "yes"'})
    else:
        written: Doc = {"title": "Slut", "allowed_when": is_open}
        author.add("ends", written | ({"questions": author.questions()} if author.maybe() else {}))
    if author.maybe():
        author.doc["handover"] = {"to": ["adviser"], "expires": "1 hour", "expires_acute": "10 minutes"}
        if author.maybe():
            author.doc["handover"]["authority"] = {"allowed_when": "age == null || age > 0 || acute.on"}
            taken = {"allowed_when": "handover.accepted", "leaves_open": True, "with_authority": True}
            author.add("ends", {"title": "Overtaget"} | taken)
    if author.maybe():
        steps = [finish] if interrupt else []
        author.add("entries", {"title": "Igen", "within": "6 months", "steps": steps})


def _rules(author: Author, begin: str, interrupt: str) -> None:
    if author.maybe():
        first = [begin] + ([interrupt] if interrupt else [])
        rule: Doc = {"on": "complete", "except_steps": first, "require": f'done("{begin}")'}
        author.add("rules", rule | {"message": "Begynd forfra."})
    if interrupt and author.maybe():
        author.add("rules", {"on": "close", "forbid": "acute.on", "message": "Der er fare."})
    if author.maybe():
        rule = {"on": "offer_handover", "require": f'done("{begin}")', "unless": "acute.on"}
        author.add("rules", rule | {"message": "Begynd først."})


def _rest(author: Author, begin: str) -> None:
    doc = author.doc
    if author.maybe():
        doc["followup"] = {"first": "5 working days", "decided": False}
        author.add("deadlines", author.deadline("receipt", "6 months") | {"title": "Hele sagen"})
    if author.maybe():
        doc["cautions"] = {"careful": {"text": "Pas på."}, "open_door": {"text": "Kom ind."}}
        doc["cautions"]["careful"]["conflicts_with"] = "open_door"
        doc["steps"][begin]["cautions"] = ["careful"]
        about: Doc = {"text": "To svar.", "where": ["her"], "built": "Det første."}
        author.add("conflicts", about | {"contacts": ["day"], "cautions": ["open_door"]})
    if author.maybe():
        language = "en" if doc["head"]["language"] != "en" else "da"
        doc["translations"] = {language: {"head.title": "Invented", f"steps.{begin}.title": "Begin"}}
    for section in ("facts",):
        if not doc[section]:
            del doc[section]
