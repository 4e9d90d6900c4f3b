"""The wall: nothing here takes an address, says who a case is about, or reaches a home."""

import ast
import asyncio
import dataclasses
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Engine

import notifications
from handlepligt.plugins import find_classes
from models import Notification
from models.session import reading, writing
from notifications.channel import Channel, OutgoingMessage
from notifications.dispatch import dispatch_due
from notifications.inbox import inbox
from notifications.messages import Line, Message, render
from notifications.outbox import enqueue
from notifications.recipients import recipient_of
from notifications.stored import from_row
from tests.house import House
from tests.make import DAY, MONDAY, make_case, make_citizen
from tests.notifications.mail_servers import DOMAIN, MailServer, mail_settings

CANARIES = (
    "Kanariefugl",
    "Gulnæb",
    "010112-4321",
    "0101124321",
    "Skrækskolen",
    "Lyngvej",
    "22334455",
    "1912",
)
ROOM = Path(notifications.__file__).parent


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(notifications.__path__, "notifications."):
        yield importlib.import_module(found.name)


def calls(module: ModuleType) -> Iterator[tuple[str, inspect.Signature]]:
    """Every function and method that the module itself defines."""
    for name, thing in vars(module).items():
        if getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(thing):
            yield name, inspect.signature(thing)
        elif inspect.isclass(thing):
            for inner, method in vars(thing).items():
                if inspect.isfunction(method):
                    yield f"{name}.{inner}", inspect.signature(method)


def test_no_function_takes_an_address_or_a_number_to_call() -> None:
    words = ("address", "email", "mail_to", "phone", "number", "recipients", "to")
    taking = {
        f"{module.__name__}.{name}"
        for module in modules()
        for name, signature in calls(module)
        for parameter in signature.parameters
        if parameter in words or parameter.endswith(("_address", "_email", "_phone"))
    }

    # Says yes or no to an address and sends nothing; and the value that a staff row is made into.
    assert taking == {
        "notifications.recipients.is_work_address",
        "notifications.channel.StaffRecipient.__init__",
    }


def test_only_recipients_makes_a_recipient() -> None:
    makers = {
        path.relative_to(ROOM.parent).as_posix()
        for room in ("notifications", "handlepligt", "flows", "models", "protocols")
        for path in (ROOM.parent / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and "StaffRecipient" in ast.unparse(node.func)
    }

    assert makers == {"notifications/recipients.py"}


def test_only_channels_reach_the_network_and_only_the_dispatcher_names_them() -> None:
    network = {"smtplib", "aiosmtplib", "httpx", "requests", "urllib3", "urllib", "apprise", "socket", "http"}
    for path in ROOM.rglob("*.py"):
        imported = {name for node in ast.walk(ast.parse(path.read_text("utf-8"))) for name in named(node)}
        if path.parent.name != "channels":
            assert not {name.split(".")[0] for name in imported} & network, path
            assert not any(name.startswith("notifications.channels") for name in imported), path


def named(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def test_there_is_no_channel_that_could_reach_a_citizen() -> None:
    assert set(find_classes("notifications.channels", Channel)) == {"console", "email", "inbox"}  # type: ignore[type-abstract]


def test_every_channel_has_a_test_of_its_own() -> None:
    for key in find_classes("notifications.channels", Channel):  # type: ignore[type-abstract]
        assert (Path(__file__).parent / "channels" / f"test_{key}.py").is_file(), key


def canary_case(engine: Engine, house: House) -> list[str]:
    """Every message there is about a case full of canaries; the ids of the notifications."""
    with writing(engine) as session:
        citizen = make_citizen(
            session, name="Kanariefugl Gulnæb", cpr="010112-4321", birth_date=date(1912, 1, 1),
            notes="Skrækskolen, Lyngvej 7, tlf. 22334455",
        )  # fmt: skip
        case = make_case(
            session, holder=house.mia, citizen=citizen, summary="Kanariefugl går på Skrækskolen",
            facts={"school": "Skrækskolen"},
        )  # fmt: skip
        made = [
            enqueue(
                session, message, staff_id=house.mia.id or 0, now=MONDAY, case=case, at=MONDAY + DAY,
                step_key="talk", step_title="Børnesamtale", lines=[Line(case.reference, "Sparring", MONDAY)],
            )
            for message in Message
        ]  # fmt: skip
    return [each for each in made if each is not None]


def assert_says_nothing(text: str, house: House) -> None:
    people = [getattr(house, each.name) for each in dataclasses.fields(house)]
    for canary in (*CANARIES, *(person.name for person in people if hasattr(person, "username"))):
        assert canary.lower() not in text.lower()


@pytest.mark.usefixtures("mail_is_on")
def test_no_mail_says_anything_about_the_person_or_the_staff(engine: Engine, house: House) -> None:
    canary_case(engine, house)
    server = MailServer()

    async def run() -> None:
        async with server:
            await dispatch_due(engine, server.settings(), lambda: MONDAY)

    asyncio.run(run())

    assert len(server.received) == len(Message)
    for mail in server.received:
        assert_says_nothing(mail.as_string() + mail.get_content() + str(mail["Subject"]), house)


@pytest.mark.usefixtures("mail_is_on")
def test_no_row_of_the_outbox_and_no_inbox_says_anything_either(engine: Engine, house: House) -> None:
    canary_case(engine, house)

    with reading(engine) as session:
        entries = inbox(session, house.mia.id or 0, limit=100).entries
        rows = [session.get_one(Notification, entry.id).model_dump_json() for entry in entries]

    assert len(entries) == len(Message)
    for entry, row in zip(entries, rows, strict=True):
        assert_says_nothing(f"{entry}{row}", house)


@pytest.mark.usefixtures("mail_is_on")
def test_no_channel_shows_anything_either(
    engine: Engine, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = canary_case(engine, house)
    settings = mail_settings()
    with reading(engine) as session:
        mia = recipient_of(session, house.mia.id or 0, staff_domains=(DOMAIN,))
        rows = [session.get_one(Notification, each) for each in ids]

    for key, made in find_classes("notifications.channels", Channel).items():  # type: ignore[type-abstract]
        if key == "email":
            continue  # Seen above, as the server got it.
        for row in rows:
            text = render(
                Message(row.message), from_row(row.variables), queued_at=row.at, public_url="https://x"
            )
            answer = asyncio.run(made(settings).send(mia, OutgoingMessage("<id@x>", text, row.at)))
            assert_says_nothing(answer, house)

    shown = capsys.readouterr().out
    assert shown.count("Handlepligt: ") >= len(Message)
    assert_says_nothing(shown, house)
