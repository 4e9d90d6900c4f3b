"""Runs the dispatcher against a mail server that lasts as long."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Engine

from notifications import dispatch
from notifications.dispatch import dispatch_due
from tests.make import MONDAY
from tests.notifications.mail_servers import MailServer

_Result = TypeVar("_Result")


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def with_server(server: MailServer, work: Callable[[], Awaitable[_Result]]) -> _Result:
    async def run() -> _Result:
        async with server:
            return await work()

    return asyncio.run(run())


def one_pass(
    engine: Engine, server: MailServer, now: datetime = MONDAY, **settings: object
) -> dispatch.DispatchResult:
    return with_server(server, lambda: dispatch_due(engine, server.settings(**settings), at(now)))
