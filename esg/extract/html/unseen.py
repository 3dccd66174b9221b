"""CSS declarations → whether text is put where no reader sees it: hidden, off the screen, of no size, clear.

Colours are compared where the paper is known: in the normal flow, painted by what is declared on the elements
around a text. A picture, a gradient or a place given by coordinates may lie over anything, so there every
colour counts as seen.
"""

import re
from typing import NamedTuple

Declarations = dict[str, str]

FAR = -999.0  # points or pixels: beyond every screen
ALIKE = 16  # of 255 in each colour: not told apart


class Colour(NamedTuple):
    red: int
    green: int
    blue: int


BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)
_NAMED = {
    "black": BLACK,
    "white": WHITE,
    "snow": Colour(255, 250, 250),
    "ivory": Colour(255, 255, 240),
    "whitesmoke": Colour(245, 245, 245),
    "floralwhite": Colour(255, 250, 240),
    "ghostwhite": Colour(248, 248, 255),
    "mintcream": Colour(245, 255, 250),
}
_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\Z")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:\s*[,/]\s*([\d.]+)(%?))?\s*\)")
_PAINTED = re.compile(r"url\(|gradient|image|var\(")
_LENGTH = re.compile(r"(-?\d{1,9}(?:\.\d{1,9})?)(?:px|pt|em|rem|%|in|cm|mm|vw|vh)?\Z")
_NOTHING = re.compile(r"rect\((?:0(?:px|pt)?[,\s]*){4}\)|rect\((?:1px[,\s]*){4}\)|inset\((?:50|100)%.*\)")


class Paint(NamedTuple):
    """The colours of letters and of what is behind them; None where that is not known."""

    ink: Colour | None = BLACK
    paper: Colour | None = WHITE

    @property
    def is_seen(self) -> bool:
        if self.ink is None or self.paper is None:
            return True
        return any(abs(one - other) >= ALIKE for one, other in zip(self.ink, self.paper, strict=True))


def painted(around: Paint, declarations: Declarations) -> Paint:
    """The paint of an element from that around it and its own declarations."""
    ink = _colour(declarations["color"], around.ink) if "color" in declarations else around.ink
    paper = around.paper
    for name in ("background", "background-color", "background-image"):
        if name in declarations:
            paper = _paper(declarations[name], paper)
    if declarations.get("position") in ("absolute", "fixed") or "transform" in declarations:
        paper = None
    return Paint(ink, paper)


def is_out_of_sight(declarations: Declarations) -> bool:
    """Whether an element and all in it are put where nobody sees them."""
    return (
        declarations.get("display") == "none"
        or declarations.get("visibility") in ("hidden", "collapse")
        or _is_nothing(declarations.get("font-size", ""))
        or _is_clear(declarations)
        or _is_far(declarations)
        or _is_cut_away(declarations)
    )


def _is_clear(declarations: Declarations) -> bool:
    """Whether it is transparent and stays so: what is about to fade in says how."""
    moves = any(
        name.startswith(("transition", "animation", "transform", "will-change")) for name in declarations
    )
    return _is_nothing(declarations.get("opacity", "")) and not moves


def _is_far(declarations: Declarations) -> bool:
    names = ["text-indent"]
    if declarations.get("position") in ("absolute", "fixed", "relative"):
        names += ["left", "top", "right", "bottom", "margin-left", "margin-top"]
    return any(_number(declarations.get(name, "")) <= FAR for name in names)


def _is_cut_away(declarations: Declarations) -> bool:
    if any(_NOTHING.match(declarations.get(name, "")) for name in ("clip", "clip-path")):
        return True
    clipped = declarations.get("overflow") in ("hidden", "clip")
    return clipped and any(_is_nothing(declarations.get(side, "")) for side in ("width", "height"))


def _is_nothing(value: str) -> bool:
    match = _LENGTH.match(value)
    return match is not None and float(match[1]) == 0


def _number(value: str) -> float:
    match = _LENGTH.match(value)
    return float(match[1]) if match else 0.0


def _paper(value: str, behind: Colour | None) -> Colour | None:
    if _PAINTED.search(value):
        return None
    if value in ("", "none", "0", "transparent", "inherit", "initial", "unset"):
        return behind
    for part in (value, *value.split()):
        if (colour := _colour(part, None)) is not None:
            return colour
    return None


def _colour(value: str, inherited: Colour | None) -> Colour | None:
    """Read a colour; None for one that is not known, and for one that lets the paper through."""
    if value in ("inherit", "currentcolor", "unset", ""):
        return inherited
    if match := _HEX.match(value):
        digits = match[1] if len(match[1]) == 6 else "".join(digit * 2 for digit in match[1])
        return Colour(*bytes.fromhex(digits))
    if match := _RGB.match(value):
        is_clear = (
            match[4] is not None and float(f"0{match[4]}".rstrip(".") or 0) / (100 if match[5] else 1) < 1
        )
        return None if is_clear else Colour(*(min(int(part), 255) for part in match.group(1, 2, 3)))
    return _NAMED.get(value)
