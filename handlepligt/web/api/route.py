"""What stands around each route of the API: the token first, then the body, and every error in one form."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from handlepligt.web.api.bodies import checked
from handlepligt.web.api.callers import identify
from handlepligt.web.api.problems import HANDLED, problem_of
from handlepligt.web.guard import SAFE_METHODS

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class ApiRoute(APIRoute):
    """A route for those with a token. Whoever has none learns nothing, not even whether a field is wrong."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                request.state.caller = await run_in_threadpool(identify, request)
                if request.method not in SAFE_METHODS:
                    request = await checked(request)
                return await handle(request)
            except HANDLED as error:
                return problem_of(error)

        return guarded
