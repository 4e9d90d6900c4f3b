"""What a YAML reader stumbles over, in sentences that say what to write instead."""

from __future__ import annotations

from ruamel.yaml.error import MarkedYAMLError

_LAYOUT = "this line does not fit those above; check its indentation, and quotes inside texts"
OPEN_QUOTE = "a quote is opened and never closed"
_COLON = "a ': ' in a text that needs quotes, a wrong indentation, or a line above without ': '"

_BEGUN = ("could not find expected ':'", "expected ',' or '}'", "expected ',' or ']'")

# A part of the reader's own sentence, and what it nearly always means in a file written by hand.
_MEANT = (
    (r"'\t' that cannot start", "a tab where spaces belong; use spaces"),
    ("cannot start any token", "a text cannot begin with this sign; put the text in quotes"),
    ("mapping values are not allowed", _COLON),
    ("sequence entries are not allowed", "a list begins on its own line; begin a new line before the '-'"),
    (_BEGUN[0], "neither 'key: value' nor an item of a list; is a colon missing?"),
    (_BEGUN[1], "a '{' lacks its '}', or a text in it needs quotes"),
    (_BEGUN[2], "a '[' lacks its ']', or a text in it needs quotes"),
    ("did not find expected node", "something is missing at the end; close every bracket"),
    ("expected the node content", "something is missing here; close every bracket"),
    ("expected key", _LAYOUT),
    ("expected <block end>", _LAYOUT),
    ("expected '-' indicator", _LAYOUT),
    ("unknown escape character", "a backslash in double quotes; write two, or use single quotes"),
    ("unexpected end of stream", OPEN_QUOTE),
    ("unexpected document separator", OPEN_QUOTE),
    ("indentation", "the first line of a text over several lines is indented wrongly"),
    ("expected alphabetic or numeric", "a text cannot begin with '&' or '*'; put the text in quotes"),
    ("document start", "something stands here that does not belong to what is above it"),
)


def begins_earlier(error: MarkedYAMLError) -> bool:
    """Whether what is wrong stands where the reader began something and not where it gave up."""
    return any(part in str(error.problem or "") for part in _BEGUN)


def fault(error: Exception) -> str:
    """One sentence for what stopped the reader."""
    said = str(error.problem or "") if isinstance(error, MarkedYAMLError) else ""
    meant = next((sentence for part, sentence in _MEANT if part in said), "")
    return f"not valid YAML: {meant or said or 'it cannot be read'}"
