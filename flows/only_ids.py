"""Keeps what an error says out of Prefect, which stores error texts in clear."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from handlepligt.errors import HandlepligtError

log = logging.getLogger(__name__)


class MirrorError(HandlepligtError):
    """A run could not mirror its case. The text is the kind of the first error and the case's id, no more."""


@contextmanager
def only_ids(case_id: str) -> Iterator[None]:
    """Let no error of ours leave the block but as a MirrorError.

    An error from the database quotes the values of the row, and a chained error is printed with its cause; so
    the new one is raised after the old one is let go, with neither cause nor context.
    """
    kind = ""
    try:
        yield
    except MirrorError:
        raise
    except Exception as error:
        kind = type(error).__name__
    if kind:
        log.error("the run of case %s met a %s", case_id, kind)
        raise MirrorError(f"{kind} in case {case_id}")
