"""What a YAML reader stumbles over, in sentences that say what to write instead."""

from __future__ import annotations

from ruamel.yaml.error import MarkedYAMLError

_LAYOUT = "this line does not fit those above; check its indentation, and quotes inside texts"
_OPEN_QUOTE = "a quote is opened and never closed"

# A part of the reader's own sentence, and what it nearly always means in a file written by hand.
_MEANT = (
    (r"'\t' that cannot start", "a tab where spaces belong; use spaces"),
    ("cannot start any token", "a text cannot begin with this sign; put the text in quotes"),
    ("mapping values are not allowed", "a ': ' in a text, or a wrong indentation; put the text in quotes"),
    ("sequence entries are not allowed", "a list begins on its own line; begin a new line before the '-'"),
    ("could not find expected ':'", "neither 'key: value' nor an item of a list; is a colon missing?"),
    ("expected ',' or '}'", "a '{' lacks its '}', or a text in it needs quotes"),
    ("expected ',' or ']'", "a '[' lacks its ']', or a text in it needs quotes"),
    ("did not find expected node", "something is missing at the end; close every bracket"),
    ("expected the node content", "something is missing here; close every bracket"),
    ("expected key", _LAYOUT),
    ("expected <block end>", _LAYOUT),
    ("expected '-' indicator", _LAYOUT),
    ("unknown escape character", "a backslash in double quotes; write two, or use single quotes"),
    ("unexpected end of stream", _OPEN_QUOTE),
    ("unexpected document separator", _OPEN_QUOTE),
    ("indentation", "the first line of a text over several lines is indented wrongly"),
    ("expected alphabetic or numeric", "a text cannot begin with '&' or '*'; put the text in quotes"),
    ("document start", "something stands here that does not belong to what is above it"),
)


def fault(error: Exception) -> str:
    """One sentence for what stopped the reader."""
    said = str(error.problem or "") if isinstance(error, MarkedYAMLError) else ""
    meant = next((sentence for part, sentence in _MEANT if part in said), "")
    return f"not valid YAML: {meant or said or 'it cannot be read'}"
