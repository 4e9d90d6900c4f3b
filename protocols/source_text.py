"""The bytes of a file as text, or the one place and sentence that says why they are none."""

from __future__ import annotations

import codecs
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from handlepligt.domain.wording import BIDI_CONTROLS
from protocols.problems import DefinitionRefused, Problem

LARGEST = 256 * 1024
_WIDE = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
# What an editor does not show, or what only some readers take for the end of a line.
_HIDDEN = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff"
HIDDEN = re.compile(f"[{_HIDDEN}{''.join(sorted(BIDI_CONTROLS))}]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_INDENT = re.compile(r"[ \t\u00a0\u2000-\u200b\u202f\u3000]*")


def read_text(path: Path) -> str:
    """The text of a definition's file; DefinitionRefused when it cannot be read as one."""
    return text_of(_bytes_of(path), path.name)


def _bytes_of(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            what = "a folder" if path.is_dir() else "no ordinary file"
            raise _refused(path.name, 1, 1, f"this is {what}; name a YAML file")
        with path.open("rb") as file:
            # No more is read than is needed to see that it is too much.
            return file.read(LARGEST + 1)
    except OSError as error:
        raise _refused(path.name, 1, 1, f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise _refused(path.name, 1, 1, "cannot be read: its name is no file name") from error


def text_of(content: bytes, name: str) -> str:
    """The same from bytes. A byte order mark of UTF-8, which some editors write, is passed over."""
    if len(content) > LARGEST:
        sentence = f"larger than {LARGEST // 1024} kB; a definition is a text that people read"
        raise _refused(name, 1, 1, sentence)
    for mark, encoding in _WIDE.items():
        if content.startswith(mark):
            raise _refused(name, 1, 1, f"not UTF-8 but {encoding}; save the file as UTF-8")
    if content.count(b"\0") > len(content) // 4:
        raise _refused(name, 1, 1, "not UTF-8 but UTF-16 or the like; save the file as UTF-8")
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _place(content[: error.start].decode("utf-8"))
        raise _refused(name, line, column, _not_utf8(content, error.start)) from error
    problems = [*_hidden(text, name), *_tabs(text, name)]
    if problems:
        raise DefinitionRefused(problems)
    return text


def _not_utf8(content: bytes, at: int) -> str:
    # What Danish editors of old write; nearly any byte is some letter there, so it is only a guess.
    sign = content[at : at + 1].decode("cp1252", errors="replace")
    guess = f"; as Windows-1252 this byte is '{sign}'" if sign.isalpha() else ""
    return f"not UTF-8{guess}; save the file as UTF-8"


def _hidden(text: str, name: str) -> Iterator[Problem]:
    """One problem for the first hidden character, saying how many there are."""
    found = HIDDEN.search(text)
    if found is None:
        return
    more = len(HIDDEN.findall(text)) - 1
    line, column = _place(text[: found.start()])
    yield Problem(
        name, line, column, f"{named(found[0])} cannot stand in a definition; remove it{_and(more)}"
    )


def named(sign: str) -> str:
    """What a hidden character is called, since it cannot be shown."""
    if sign in BIDI_CONTROLS:
        return f"a hidden sign that turns the direction of reading (U+{ord(sign):04X})"
    return f"the control character U+{ord(sign):04X}"


def _tabs(text: str, name: str) -> Iterator[Problem]:
    """One problem for the first line that is indented with something else than spaces."""
    found: list[tuple[int, int, str]] = []
    for number, line in enumerate(_LINE_END.split(text), start=1):
        indent = _INDENT.match(line)
        odd = indent[0].lstrip(" ") if indent else ""
        if odd and indent and indent.end() < len(line):
            found.append((number, indent.end() - len(odd) + 1, odd[0]))
    if found:
        line_number, column, sign = found[0]
        what = "a tab" if sign == "\t" else f"a space of another kind (U+{ord(sign):04X})"
        more = _and(len(found) - 1, "line")
        yield Problem(name, line_number, column, f"{what} in the indentation; use spaces{more}")


def _and(more: int, what: str = "place") -> str:
    return f", here and in {more} further {what}{'s' * (more > 1)}" if more else ""


def _place(before: str) -> tuple[int, int]:
    lines = _LINE_END.split(before)
    return len(lines), len(lines[-1]) + 1


def _refused(name: str, line: int, column: int, sentence: str) -> DefinitionRefused:
    return DefinitionRefused([Problem(name, line, column, sentence)])
