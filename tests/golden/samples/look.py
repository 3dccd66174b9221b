"""What a report looks like: typefaces, colours, sizes → paragraph styles.

The typefaces come from wheels of the dev lock; their licences (SIL OFL, Bitstream Vera) allow embedding.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

ALIGNMENT = {"l": TA_LEFT, "r": TA_RIGHT, "c": TA_CENTER}


@dataclass(frozen=True)
class Family:
    """A typeface by the names its four faces are registered under."""

    regular: str
    bold: str
    italic: str


@dataclass(frozen=True)
class Look:
    """The design of one company's report; lengths in points."""

    body: Family
    display: Family
    ink: Color
    accent: Color
    second: Color
    tint: Color
    size: float
    leading: float
    margin: float = 54
    gutter: float = 20
    page: tuple[float, float] = A4
    justified: bool = True
    ligatures: bool = True
    subscript: str = "<sub rise='1.5' size='{size}'>2</sub>"  # how the 2 of CO2 is set

    def style(self, name: str) -> ParagraphStyle:
        """The paragraph style `name`, one of the methods below."""
        style: ParagraphStyle = getattr(self, f"_{name}")()
        return style

    def cell(
        self, align: str, *, size: float, bold: bool = False, color: Color | None = None
    ) -> ParagraphStyle:
        """The style of a table cell aligned `l`, `r` or `c`."""
        return ParagraphStyle(
            "cell",
            fontName=self.display.bold if bold else self.display.regular,
            fontSize=size,
            leading=size * 1.22,
            alignment=ALIGNMENT[align],
            textColor=color or self.ink,
        )

    def _text(self) -> ParagraphStyle:
        return ParagraphStyle(
            "text",
            fontName=self.body.regular,
            fontSize=self.size,
            leading=self.leading,
            textColor=self.ink,
            alignment=TA_JUSTIFY if self.justified else TA_LEFT,
            spaceAfter=self.leading * 0.55,
            hyphenationLang="en_GB" if self.justified else "",
            hyphenationMinWordLength=7,
            allowWidows=0,
            allowOrphans=0,
        )

    def _lead(self) -> ParagraphStyle:
        return self._heading("lead", self.display.regular, self.size * 1.42, self.accent, after=10)

    def _h1(self) -> ParagraphStyle:
        return self._heading("h1", self.display.bold, self.size * 2.7, self.accent, after=14)

    def _h2(self) -> ParagraphStyle:
        return self._heading("h2", self.display.bold, self.size * 1.5, self.accent, before=8, after=5)

    def _h3(self) -> ParagraphStyle:
        return self._heading("h3", self.display.bold, self.size * 1.12, self.ink, before=4, after=3)

    def _heading(
        self, name: str, font: str, size: float, color: Color, *, before: float = 0, after: float = 0
    ) -> ParagraphStyle:
        return ParagraphStyle(
            name,
            fontName=font,
            fontSize=size,
            leading=size * 1.18,
            textColor=color,
            spaceBefore=before,
            spaceAfter=after,
            keepWithNext=1,
        )

    def _bullet(self) -> ParagraphStyle:
        return ParagraphStyle(
            "bullet",
            parent=self._text(),
            leftIndent=11,
            bulletIndent=1,
            spaceAfter=self.leading * 0.22,
            alignment=TA_LEFT,
            hyphenationLang="",
        )

    def _caption(self) -> ParagraphStyle:
        return ParagraphStyle(
            "caption",
            fontName=self.display.bold,
            fontSize=self.size * 0.92,
            leading=self.size * 1.2,
            textColor=self.ink,
            spaceAfter=3,
            keepWithNext=1,
        )

    def _note(self) -> ParagraphStyle:
        size = self.size * 0.78
        return ParagraphStyle(
            "note",
            fontName=self.display.regular,
            fontSize=size,
            leading=size * 1.22,
            textColor=self.ink,
            leftIndent=8,
            firstLineIndent=-8,
        )

    def _quote(self) -> ParagraphStyle:
        size = self.size * 1.6
        return ParagraphStyle(
            "quote",
            fontName=self.body.italic,
            fontSize=size,
            leading=size * 1.25,
            textColor=self.second,
            leftIndent=12,
            rightIndent=6,
            spaceAfter=3,
            keepWithNext=1,
        )

    def _by(self) -> ParagraphStyle:
        return ParagraphStyle(
            "by",
            fontName=self.display.bold,
            fontSize=self.size * 0.86,
            leading=self.size * 1.1,
            textColor=self.ink,
            leftIndent=12,
        )

    def _box(self) -> ParagraphStyle:
        return ParagraphStyle(
            "box",
            fontName=self.display.regular,
            fontSize=self.size * 0.96,
            leading=self.size * 1.26,
            textColor=self.ink,
            spaceAfter=3,
        )


def register_typefaces() -> None:
    """Make Vera (shipped with reportlab), Source Sans Pro and Source Serif Pro known to reportlab."""
    _family("Vera", _folder("reportlab") / "fonts", ("Vera", "VeraBd", "VeraIt", "VeraBI"))
    _family("Sans", _folder("font_source_sans_pro") / "files", _faces("SourceSansPro"))
    _family("Serif", _folder("font_source_serif_pro") / "files", _faces("SourceSerifPro"))


def _faces(stem: str) -> tuple[str, ...]:
    return tuple(f"{stem}-{face}" for face in ("Regular", "Semibold", "It", "SemiboldIt"))


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{package} is missing: run `make setup`")
    return Path(spec.submodule_search_locations[0])


def _family(name: str, folder: Path, files: tuple[str, ...]) -> None:
    names = [f"{name}{face}" for face in ("", "-Bold", "-Italic", "-BoldItalic")]
    for face, file in zip(names, files, strict=True):
        pdfmetrics.registerFont(TTFont(face, str(folder / f"{file}.ttf")))
    pdfmetrics.registerFontFamily(name, *names)


VERA = Family("Vera", "Vera-Bold", "Vera-Italic")
SANS = Family("Sans", "Sans-Bold", "Sans-Italic")
SERIF = Family("Serif", "Serif-Bold", "Serif-Italic")
WHITE = HexColor(0xFFFFFF)
