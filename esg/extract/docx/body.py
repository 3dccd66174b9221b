"""document.xml → HTML that says what a reader of the printed document meets, in order.

Left out are what was deleted with changes tracked, comments, field codes, and what is written a second time
for older programs. A page ends where Word last ended it, as far as it says so, and where the author broke
it; a table stays whole on the page where it begins. Footnotes stand at the foot of the page that refers to
them, text boxes behind their paragraph.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Final

from esg.extract.docx.looks import UNKNOWN_PAPER, Looks, is_on, paper, with_property
from esg.extract.docx.styles import Manner, Styles
from esg.extract.docx.xml import Attributes

BREAK: Final = '<div style="page-break-before:always"></div>'
DEEPEST_TABLE: Final = 50  # tables in tables; in a report it is three
_LEFT_OUT: Final = frozenset(
    """
    w:del w:moveFrom w:delText w:delInstrText w:instrText w:pPrChange w:rPrChange w:tblPrChange w:tcPrChange
    w:trPrChange w:tblPrExChange w:sectPrChange w:tblGrid w:separator w:continuationSeparator w:rt
    """.split()  # noqa: SIM905
)
_SIGNS: Final = {"w:tab": "\t", "w:ptab": "\t", "w:noBreakHyphen": "-", "w:cr": "<br>"}
_PICTOGRAMS: Final = {
    0xFC: "✓",
    0xFE: "☑",
    0xA8: "☐",
    0xB7: "•",
    0xA7: "▪",
    0xD8: "➢",
}  # of Wingdings, Symbol
_PRIVATE: Final = 0xF000  # where such fonts have their signs
_NUMBER: Final = "\ue000"  # stands for a note's number until it is referred to
_HEADINGS: Final = 6  # levels that HTML has


@dataclass(slots=True)
class _Paragraph:
    manner: Manner
    level: int
    is_listed: bool
    paper: str
    run: Looks = field(default_factory=Looks)
    pieces: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)  # what floats beside it
    has_text: bool = False
    breaks_before: bool = False
    breaks_after: bool = False
    ends_section: bool = False

    @property
    def element(self) -> str:
        if self.level:
            return f"h{min(self.level, _HEADINGS)}"
        if self.manner.is_caption:
            return "figcaption"
        return "li" if self.is_listed else "p"

    def html(self) -> str:
        style = f' style="background:{self.paper}"' if self.paper else ""
        return f"<{self.element}{style}>{''.join(self.pieces)}</{self.element}>" if self.has_text else ""


@dataclass(slots=True)
class _Cell:
    place: int  # of its opening tag in what is being written
    is_header: bool
    span: int = 1
    paper: str = ""

    @property
    def element(self) -> str:
        return "th" if self.is_header else "td"

    @property
    def opening(self) -> str:
        span = f' colspan="{self.span}"' if self.span > 1 else ""
        style = f' style="background:{self.paper}"' if self.paper else ""
        return f"<{self.element}{span}{style}>"


class Body:
    """Told the elements of a part; `html` is then what they say, `notes` the notes in it by their number."""

    def __init__(self, styles: Styles, *, footnotes: Mapping[str, str], endnotes: Mapping[str, str]) -> None:
        self.notes: dict[str, str] = {}
        self.paper = ""  # of all pages
        self.has_text = False
        self._styles = styles
        self._notes = {"w:footnoteReference": footnotes, "w:endnoteReference": endnotes}
        self._referred: dict[str, int] = dict.fromkeys(self._notes, 0)
        self._at_foot: list[str] = []
        self._at_end: list[str] = []
        self._written: list[list[str]] = [[]]  # the document; within it a text box or a note
        self._paragraphs: list[_Paragraph] = []
        self._tables: list[int] = []  # the places of their opening tags
        self._rows: list[bool] = []  # whether they are headers
        self._cells: list[_Cell] = []
        self._above: list[str] = []
        self._left_out = 0  # elements that are open and not read
        self._chosen: list[bool] = []  # of alternatives: whether the first was there
        self._section_end: tuple[list[str], int] | None = None
        self._section_type = ""
        self._owes_break = False
        self._note = ""
        self._starts: dict[str, Callable[[str, Attributes], None]] = {
            "w:p": self._open_paragraph,
            "w:r": self._open_run,
            "w:tbl": self._open_table,
            "w:tr": self._open_row,
            "w:tc": self._open_cell,
            "w:txbxContent": self._open_inner,
            "w:footnote": self._open_note,
            "w:endnote": self._open_note,
            "w:footnoteReference": self._refer,
            "w:endnoteReference": self._refer,
            "w:footnoteRef": lambda *_: self._write(_NUMBER),
            "w:endnoteRef": lambda *_: self._write(_NUMBER),
            "w:br": self._take_break,
            "w:lastRenderedPageBreak": lambda *_: self._end_page(),
            "w:sym": self._take_sign,
            "w:sectPr": self._open_section,
            "w:background": self._take_background,
            "mc:AlternateContent": lambda *_: self._chosen.append(False),
            "mc:Choice": self._choose,
            **dict.fromkeys(_SIGNS, lambda tag, _: self._write(_SIGNS[tag])),
        }
        self._ends: dict[str, Callable[[], object]] = {
            "w:p": self._close_paragraph,
            "w:tbl": self._close_table,
            "w:tr": self._close_row,
            "w:tc": self._close_cell,
            "w:txbxContent": self._close_box,
            "w:footnote": self._close_note,
            "w:endnote": self._close_note,
            "w:sectPr": self._close_section,
            "mc:AlternateContent": self._chosen.pop,
        }

    @property
    def html(self) -> str:
        return "".join((*self._written[0], *self._at_foot, *self._at_end))

    # -- what is told

    def start(self, tag: str, attributes: Attributes) -> None:
        if self._left_out or self._is_left_out(tag):
            self._left_out += 1
            return
        self._above.append(tag)
        if tag in self._starts:
            self._starts[tag](tag, attributes)
        else:
            self._take_property(tag, attributes)

    def end(self, tag: str) -> None:
        if self._left_out:
            self._left_out -= 1
            return
        self._above.pop()
        if tag in self._ends:
            self._ends[tag]()

    def text(self, data: str) -> None:
        if not self._left_out and self._above[-1:] in (["w:t"], ["m:t"]):
            self._write(escape(data.replace(_NUMBER, "")), is_text=not data.isspace())

    def _is_left_out(self, tag: str) -> bool:
        above = self._above[-1:]
        return (
            tag in _LEFT_OUT
            or (tag == "w:rPr" and above == ["w:pPr"])  # the looks of the mark that ends a paragraph
            or (tag == "mc:Fallback" and self._chosen[-1:] == [True])
        )

    def _choose(self, *_: object) -> None:
        if self._chosen:
            self._chosen[-1] = True

    def _take_property(self, tag: str, attributes: Attributes) -> None:
        parent = self._above[-2] if len(self._above) > 1 else ""
        if parent in ("w:pPr", "w:numPr") and self._paragraphs:
            self._take_property_of_paragraph(tag, attributes)
        elif parent == "w:rPr" and self._paragraphs:
            self._take_property_of_run(tag, attributes)
        elif parent == "w:tcPr" and self._cells:
            self._take_property_of_cell(tag, attributes)
        elif parent == "w:trPr" and tag == "w:tblHeader" and self._rows:
            self._rows[-1] = is_on(attributes)
        elif parent == "w:tblPr" and tag == "w:tblStyle" and self._tables:
            self._here[self._tables[-1]] = f'<table style="background:{UNKNOWN_PAPER}">'
        elif parent == "w:sectPr" and tag == "w:type":
            self._section_type = attributes.get("val", "")

    @property
    def _here(self) -> list[str]:
        return self._written[-1]

    # -- paragraphs and runs

    def _open_paragraph(self, *_: object) -> None:
        self._paragraphs.append(self._in_style(""))

    def _in_style(self, style: str) -> _Paragraph:
        manner = self._styles.manner(style)
        return _Paragraph(manner, manner.level, manner.is_listed, manner.paper)

    def _take_property_of_paragraph(self, tag: str, attributes: Attributes) -> None:
        paragraph, value = self._paragraphs[-1], attributes.get("val", "")
        match tag:
            case "w:pStyle":
                self._paragraphs[-1] = self._in_style(value)
            case "w:outlineLvl" if value.isdecimal():
                paragraph.level = (int(value[:1]) + 1) % 10
            case "w:numId":
                paragraph.is_listed = value != "0"
            case "w:pageBreakBefore":
                paragraph.breaks_before = is_on(attributes)
            case "w:shd":
                paragraph.paper = paper(attributes)

    def _open_run(self, *_: object) -> None:
        if self._paragraphs:
            self._paragraphs[-1].run = Looks()

    def _take_property_of_run(self, tag: str, attributes: Attributes) -> None:
        paragraph = self._paragraphs[-1]
        if tag == "w:rStyle":
            paragraph.run = paragraph.run.over(self._styles.looks(attributes.get("val", "")))
        else:
            paragraph.run = with_property(paragraph.run, tag, attributes)

    def _take_sign(self, _: str, attributes: Attributes) -> None:
        try:
            code = int(attributes.get("char", "")[:4], 16)
        except ValueError:
            return
        sign = chr(code) if code < _PRIVATE else _PICTOGRAMS.get(code - _PRIVATE, "")
        if sign.isprintable():
            self._write(escape(sign), is_text=bool(sign))

    def _write(self, html: str, *, is_text: bool = False) -> None:
        if self._paragraphs:
            paragraph = self._paragraphs[-1]
            css = paragraph.run.over(paragraph.manner.looks).css()
            paragraph.pieces.append(f'<span style="{css}">{html}</span>' if css else html)
            paragraph.has_text |= is_text
            self.has_text |= is_text

    def _close_paragraph(self) -> None:
        paragraph = self._paragraphs.pop()
        if paragraph.breaks_before:
            self._break()
        self._here.append(paragraph.html())
        self._here.extend(paragraph.boxes)
        if paragraph.breaks_after:
            self._break()
        if paragraph.ends_section:
            self._write_notes()
            self._section_end = (self._here, len(self._here))
            self._here.append("")

    # -- text boxes and notes

    def _open_inner(self, *_: object) -> None:
        self._written.append([])

    def _close_box(self) -> None:
        box = f'<div style="background:{UNKNOWN_PAPER}">{"".join(self._written.pop())}</div>'
        (self._paragraphs[-1].boxes if self._paragraphs else self._here).append(box)

    def _open_note(self, _: str, attributes: Attributes) -> None:
        self._note = attributes.get("id", "")
        self._written.append([])

    def _close_note(self) -> None:
        self.notes[self._note] = "".join(self._written.pop())

    def _refer(self, tag: str, attributes: Attributes) -> None:
        text = self._notes[tag].get(attributes.get("id", ""))
        if text is None:
            return
        number = ""
        if not is_on({"val": attributes.get("customMarkFollows", "0")}):
            self._referred[tag] += 1
            number = f"<sup>{self._referred[tag]}</sup>"
            self._write(number)
        (self._at_end if tag == "w:endnoteReference" else self._at_foot).append(text.replace(_NUMBER, number))

    def _write_notes(self) -> None:
        self._here.extend(self._at_foot)
        self._at_foot.clear()

    # -- pages and sections

    def _take_background(self, *_: object) -> None:
        self.paper = UNKNOWN_PAPER

    def _take_break(self, _: str, attributes: Attributes) -> None:
        if attributes.get("type") == "page":
            self._end_page()
        else:
            self._write("<br>")

    def _end_page(self) -> None:
        """End the page before the paragraph, or behind it where it had begun by then."""
        if self._paragraphs:
            outermost = self._paragraphs[0]
            outermost.breaks_after |= outermost.has_text
            outermost.breaks_before |= not outermost.has_text

    def _break(self) -> None:
        if self._tables:
            self._owes_break = True
        elif len(self._written) == 1:
            self._write_notes()
            self._here.append(BREAK)

    def _open_section(self, *_: object) -> None:
        self._section_type = "nextPage"

    def _close_section(self) -> None:
        """How a section begins is written at its end: go back to where the one before it ended."""
        if self._section_end and self._section_type != "continuous":
            written, place = self._section_end
            written[place] = BREAK
        self._section_end = None
        if self._paragraphs:
            self._paragraphs[-1].ends_section = True

    # -- tables

    def _open_table(self, *_: object) -> None:
        if len(self._tables) == DEEPEST_TABLE:
            raise ValueError(f"tables stand in one another more than {DEEPEST_TABLE} deep")
        self._tables.append(len(self._here))
        self._here.append("<table>")

    def _close_table(self) -> None:
        self._tables.pop()
        self._here.append("</table>")
        if self._owes_break and not self._tables:
            self._owes_break = False
            self._break()

    def _open_row(self, *_: object) -> None:
        self._rows.append(False)
        self._here.append("<tr>")

    def _close_row(self) -> None:
        self._rows.pop()
        self._here.append("</tr>")

    def _open_cell(self, *_: object) -> None:
        self._cells.append(_Cell(len(self._here), is_header=self._rows[-1:] == [True]))
        self._here.append("")

    def _take_property_of_cell(self, tag: str, attributes: Attributes) -> None:
        value = attributes.get("val", "")
        if tag == "w:gridSpan" and value.isdecimal():
            self._cells[-1].span = int(value[:4])
        elif tag == "w:shd":
            self._cells[-1].paper = paper(attributes)

    def _close_cell(self) -> None:
        cell = self._cells.pop()
        self._here[cell.place] = cell.opening
        self._here.append(f"</{cell.element}>")
