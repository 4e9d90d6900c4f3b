"""How wide a text is when drawn, and where it is broken so that it stays inside its box."""

from __future__ import annotations

# Thousandths of the font's size, measured in the typeface of the pages (the wider of its regular and its
# semibold letters). A drawing saved as a file is also opened where neither it nor Arial is installed: the
# widest typeface that then stands in is a fifth wider, and no text may run out of its box for that.
_WIDTHS = {
    276: "ij'’ ", 298: "l,.:;!|", 350: "()[]{}·f-", 393: "tr/\\I", 471: "\"", 499: "s?", 525: "czvyL“”„",
    562: "xJg«»eéaåäk*", 577: "oöøFT_", 605: "hnuübdpqZ0123456789$+<=>^~E`–×−É", 655: "SYVPCX",
    690: "BRKADUÜÅÄß", 719: "GOQØÖHN&#", 890: "mwMæ@—…", 960: "WÆ%",
}  # fmt: skip
_WIDTH_OF = {sign: width for width, signs in _WIDTHS.items() for sign in signs}
# Of a letter nobody has measured, Greek or Arabic say.
_UNMEASURED = 780
_SAFETY = 1.2
# How many letters of a word that is cut go to the next line together.
_LEAST = 4


def width_of(text: str, size: float) -> float:
    """At least how many units a line of text takes at this size of font."""
    return sum(_WIDTH_OF.get(sign, _UNMEASURED) for sign in text) * size * _SAFETY / 1000


def wrapped(text: str, size: float, width: float) -> tuple[str, ...]:
    """The text in lines that fit; a word longer than a line is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width_of(longer, size) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _cut(word, size, width)
        lines += full
    return (*lines, line) if line else tuple(lines)


def _cut(word: str, size: float, width: float) -> list[str]:
    pieces: list[str] = []
    piece = ""
    for sign in word:
        if piece and width_of(f"{piece}{sign}-", size) > width and width_of(word, size) > width:
            pieces.append(f"{piece}-")
            piece = ""
        piece += sign
    if pieces and len(piece) < _LEAST:
        # A sign or two alone on a line are taken for something of their own.
        *pieces, last = pieces
        whole = last.removesuffix("-") + piece
        pieces, piece = [*pieces, f"{whole[:-_LEAST]}-"], whole[-_LEAST:]
    return [*pieces, piece]
