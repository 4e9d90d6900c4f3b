"""Which versions of protocols this process works by: those that ship, and those published in the database."""

import json
import threading
from dataclasses import dataclass, field

import structlog
from sqlalchemy.orm import object_session
from sqlmodel import Session, col, select

from handlepligt.cases.kept_versions import shipped_prints
from handlepligt.domain.version_words import VersionStatus
from models import Case, CaseStep, ProtocolVersion
from protocols.definition import Definition
from protocols.library import Library, Name, put_in_force
from protocols.loader import examine_texts, library, shipped
from protocols.problems import DefinitionRefused, Problem, UnknownDefinitionError
from protocols.published import fingerprint, hashes_of

_log = structlog.get_logger(__name__)
# What tells one state of the table from another; texts of a published row never change.
_Mark = frozenset[tuple[str, str, str, str, str]]


@dataclass
class _Memory:
    """What this process has read. A version is read once, however often the table is looked at."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    mark: _Mark = frozenset()
    read: dict[str, Definition] = field(default_factory=dict)


_memory = _Memory()


def definition_of(case: Case) -> Definition:
    """The protocol version the case is pinned to. Raises UnknownDefinitionError when it is not there.

    A version that another process has published since this one looked is fetched with the case's session.
    """
    try:
        return library().get(case.track, case.protocol_version)
    except UnknownDefinitionError:
        session = object_session(case)
        if session is None:
            raise
        # SQLAlchemy's own session type; ours is the same with better types.
        return renewed(session).get(case.track, case.protocol_version)  # type: ignore[arg-type]


def settled_under(definition: Definition, row: CaseStep) -> Definition:
    """The version whose words a settled round speaks; the case's own unless the case has moved on since."""
    if not row.version or row.version == definition.version:
        return definition
    try:
        return library().get(definition.key, row.version)
    except UnknownDefinitionError:
        return definition


def step_title(definition: Definition, step_key: str) -> str:
    """The title of a step, also of one that only another version knows; its key when none does."""
    if step_key in definition.steps:
        return definition.steps[step_key].title
    versions = (one for one in reversed(library().all()) if one.key == definition.key)
    return next((one.steps[step_key].title for one in versions if step_key in one.steps), step_key)


def renewed(session: Session) -> Library:
    """The definitions in force as this transaction sees them, which the whole process uses from now on.

    Several processes serve one installation, so each asks the table before it relies on what is newest:
    one small query, and texts are read only when something was published or withdrawn.
    """
    columns = (
        ProtocolVersion.id, ProtocolVersion.key, ProtocolVersion.version, ProtocolVersion.sha256,
        ProtocolVersion.status,
    )  # fmt: skip
    rows = session.exec(select(*columns).where(ProtocolVersion.status != VersionStatus.DRAFT))  # type: ignore[call-overload]
    mark: _Mark = frozenset(tuple(row) for row in rows)
    with _memory.lock:
        if mark != _memory.mark:
            put_in_force(_library(session, mark) if mark else None)
            _memory.mark = mark
    return library()


def forget() -> None:
    """Begins anew with what ships with the product: another database is another house."""
    with _memory.lock:
        _memory.read.clear()
        put_in_force(None)
        _memory.mark = frozenset()


def texts_of(row: ProtocolVersion) -> dict[str, bytes]:
    """The files of a version as they were written down, by name.

    Raises DefinitionRefused when they are not what they were: somebody has changed the row by hand.
    """
    files = json.loads(row.files)
    texts = {name: str(kept["text"]).encode() for name, kept in files.items()}
    if fingerprint(texts) != row.sha256:
        now = hashes_of(texts)
        wrong = [name for name in files if files[name]["sha256"] != now[name]] or sorted(files)
        sentence = f"the text kept of version {row.version} is not the one that was published"
        raise DefinitionRefused([Problem(name, 1, 1, sentence) for name in wrong])
    return texts


def read_version(row: ProtocolVersion) -> Definition:
    """The definition a row holds. Raises DefinitionRefused with everything that is wrong with it."""
    definition, problems = examine_texts(texts_of(row), thorough=False)
    if definition is None or problems:
        raise DefinitionRefused(problems)
    return definition


def _library(session: Session, mark: _Mark) -> Library:
    by_name: dict[Name, Definition] = {(one.key, one.version): one for one in shipped().all()}
    _memory.read |= {shipped_prints()[name]: one for name, one in by_name.items()}
    withdrawn: set[Name] = set()
    for row_id, key, version, sha256, status in mark:
        definition = _memory.read.get(sha256)
        if definition is None:
            row = session.exec(select(ProtocolVersion).where(col(ProtocolVersion.id) == row_id)).one()
            definition = _read_or_say(row)
        if definition is not None:
            by_name[key, version] = _memory.read[sha256] = definition
        if status == VersionStatus.WITHDRAWN:
            withdrawn.add((key, version))
    return Library(by_name.values(), withdrawn)


def _read_or_say(row: ProtocolVersion) -> Definition | None:
    try:
        return read_version(row)
    except DefinitionRefused as refused:
        # One unreadable version must not take the others with it; `doctor` and the start name it too.
        _log.error("version_unreadable", key=row.key, version=row.version, problem=str(refused.problems[0]))
        return None
