"""Word documents, written part by part as programs write them."""

import io
import zipfile
from xml.sax.saxutils import escape

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
)
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = """
<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>
  <w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="32"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="My heading"/><w:basedOn w:val="H1"/></w:style>
<w:style w:type="paragraph" w:styleId="Bullet"><w:name w:val="List Bullet"/>
  <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Caption"><w:name w:val="caption"/></w:style>
<w:style w:type="paragraph" w:styleId="Dark"><w:name w:val="Dark box"/>
  <w:pPr><w:shd w:val="clear" w:fill="003366"/></w:pPr><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="NoteMark"><w:name w:val="footnote reference"/>
  <w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="A"><w:name w:val="a"/><w:basedOn w:val="B"/></w:style>
<w:style w:type="paragraph" w:styleId="B"><w:name w:val="b"/><w:basedOn w:val="A"/></w:style>
"""


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*parts: str, style: str = "", properties: str = "") -> str:
    """A paragraph of runs; a part that is no markup is a run of its own."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    runs = "".join(part if part.startswith("<") else run(part) for part in parts)
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{runs}</w:p>"


def table(*rows: tuple[str, ...], header: bool = False, properties: str = "") -> str:
    marks = ("<w:trPr><w:tblHeader/></w:trPr>" if header and not at else "" for at in range(len(rows)))
    lines = (
        f"<w:tr>{mark}{''.join(cell if cell.startswith('<') else in_cell(cell) for cell in row)}</w:tr>"
        for mark, row in zip(marks, rows, strict=True)
    )
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{''.join(lines)}</w:tbl>"


def in_cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text if text.startswith('<') else paragraph(text)}</w:tc>"


def write(
    body: str,
    *,
    footnotes: str = "",
    styles: str = STYLES,
    title: str = "",
    author: str = "",
    made_on: str = "",
    namespace: str = TRANSITIONAL,
    packed: int = zipfile.ZIP_DEFLATED,
    **parts: bytes,
) -> bytes:
    """A whole document; `parts` replace or add some: `document="…"`, `styles=…` by their name in word/."""
    core = (
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator>"
        f"<dcterms:created>{made_on}</dcterms:created>"
    )
    texts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _relations(
            officeDocument="word/document.xml", **{"core-properties": "docProps/core.xml"}
        ),
        "word/_rels/document.xml.rels": _relations(styles="styles.xml", footnotes="/word/footnotes.xml"),
        "word/document.xml": main_part(body),
        "word/styles.xml": f"<w:styles {NAMESPACES}>{styles}</w:styles>",
        "word/footnotes.xml": f"<w:footnotes {NAMESPACES}>{footnotes}</w:footnotes>",
        "docProps/core.xml": f"<coreProperties {NAMESPACES}>{core}</coreProperties>",
    }
    files = {name: text.replace(TRANSITIONAL, namespace).encode() for name, text in texts.items()}
    return package(files | {f"word/{name}.xml": data for name, data in parts.items()}, packed=packed)


def main_part(body: str) -> str:
    return f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"


def package(files: dict[str, bytes], *, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packed) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _relations(**targets: str) -> str:
    lines = (f'<Relationship Type="{_OFFICE}/{kind}" Target="{to}"/>' for kind, to in targets.items())
    return f"<Relationships>{''.join(lines)}</Relationships>"
