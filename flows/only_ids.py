"""Keeps what an error says out of Prefect and its logs, which take error texts down in clear."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from handlepligt.errors import HandlepligtError

log = logging.getLogger(__name__)

Given = ParamSpec("Given")
Result = TypeVar("Result")


class MirrorError(HandlepligtError):
    """A run could not mirror its case. The text is the kind of the first error and the case's id, no more."""


def only_ids(work: Callable[Given, Result]) -> Callable[Given, Result]:
    """Let no error leave `work`, whose first argument is the case's id, but as a MirrorError.

    An error from the database quotes the values of the row, and Prefect prints an error with its cause and
    context. So this is a decorator and no `with` block: there Python would make the old error the context of
    the new one.
    """

    @wraps(work)
    def guarded(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        try:
            return work(*args, **kwargs)
        except Exception as error:
            kind = type(error).__name__
        case_id = (*args, *kwargs.values())[0]
        log.error("the run of case %s met a %s", case_id, kind)
        raise MirrorError(f"{kind} in case {case_id}")

    return guarded
