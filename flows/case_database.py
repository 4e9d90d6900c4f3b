"""Where a run finds the cases: the worker's engine, or one made from the settings in Prefect's process."""

import threading

from sqlalchemy import Engine

from handlepligt.settings import read_settings
from models.sealing import KeyRing, install_keys
from models.session import make_engine

_lock = threading.Lock()
_engine: Engine | None = None


def use_engine(engine: Engine | None) -> None:
    """Let the runs of this process work on `engine`, whose keys are installed already."""
    global _engine
    with _lock:
        _engine = engine


def case_engine() -> Engine:
    """The engine of the case database.

    Prefect's stock worker executes a run in a process that nobody of ours has prepared, so the first call
    there reads HANDLEPLIGT_* and the key file. Raises ConfigurationError when they cannot be used.
    """
    global _engine
    with _lock:
        if _engine is None:
            settings = read_settings()
            install_keys(KeyRing.read(settings.resolved_key_file))
            _engine = make_engine(settings.resolved_database_url)
        return _engine
