"""The kind *translation*: the texts of a definition in another language, each by its path."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pydantic import model_validator

from protocols.element import Element
from protocols.wording import UnknownLanguageError, words_of

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope


class Kind(Element):
    """The texts in the language that is its key, by paths such as `steps.meet.questions.note.ask`.

    What it leaves out is shown in the definition's own language.
    """

    section = "translations"

    texts: Mapping[str, object] = {}

    @model_validator(mode="before")
    @classmethod
    def _as_texts(cls, written: object) -> object:
        if not isinstance(written, Mapping):
            return written
        texts = {path: text for path, text in written.items() if path != "key"}
        return {"key": written.get("key", ""), "texts": texts}

    def check(self, scope: Scope) -> Iterator[Complaint]:
        # A definition is made of the kinds, so a kind can look at its whole only when it is asked.
        from protocols.translating import all_paths

        if self.key == scope.definition.head.language:
            yield (), f"the definition itself is written in '{self.key}'; translate it to another language"
        try:
            words_of(self.key)
        except UnknownLanguageError as error:
            yield (), str(error)
        known = all_paths(scope.definition)
        for path, text in self.texts.items():
            if path not in known:
                close = difflib.get_close_matches(path, known, n=1)
                hint = f"did you mean '{close[0]}'?" if close else "write for example steps.<step>.title"
                yield (path,), f"there is no text '{path}'; {hint}"
            elif not isinstance(text, str) or not text.strip():
                yield (path,), f"'{path}' must be a text; put it in quotes"
