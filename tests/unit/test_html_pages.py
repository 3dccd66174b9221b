import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esg.domain import BlockKind, Page
from esg.errors import Rejected
from esg.extract.html import read_html
from esg.extract.identity import About


def read(html: str | bytes, *, max_pages: int = 100) -> tuple[Page, ...]:
    data = html.encode() if isinstance(html, str) else html
    return read_html(data, document_id="d" * 64, max_pages=max_pages).pages


def about(html: str) -> About:
    return read_html(html.encode(), document_id="d" * 64, max_pages=100).about


def blocks(page: Page) -> list[tuple[str, str]]:
    return [(block.kind.value, page.text[block.start : block.end]) for block in page.blocks]


def assert_sound(page: Page) -> None:
    """What every page promises, whatever made it."""
    assert "".join(page.text[word.start : word.end] for word in page.words) == re.sub(r"\s", "", page.text)
    for word in page.words:
        assert word.start < word.end
        assert 0 <= word.box.x0 <= word.box.x1 <= page.width
        assert 0 <= word.box.y0 < word.box.y1 <= page.height
    ends = [0]
    for block in page.blocks:
        assert ends[-1] <= block.start < block.end <= len(page.text)
        ends.append(block.end)
    for table in page.tables:
        lines = page.text[table.start : table.end].split("\n")
        assert len(lines) == len(table.rows)
        for line, row in zip(lines, table.rows, strict=True):
            assert line.split("\t") == [page.text[cell.start : cell.end] for cell in row]


# -- reading order and kinds ------------------------------------------------------------------------------


def test_blocks_come_in_reading_order_with_their_kind() -> None:
    (page,) = read(
        "<h1>Report</h1><p>We   cut\n emissions.</p><h3>Targets</h3>"
        "<ul><li>by 2030</li><li>by <b>2040</b><ul><li>all of it</li></ul></li></ul>"
        "<figure><figcaption>Figure 1</figcaption></figure><footer>© Acme</footer>"
    )

    assert blocks(page) == [
        ("heading", "Report"),
        ("paragraph", "We cut emissions."),
        ("heading", "Targets"),
        ("list", "by 2030"),
        ("list", "by 2040"),
        ("list", "all of it"),
        ("caption", "Figure 1"),
        ("footer", "© Acme"),
    ]
    assert [block.level for block in page.blocks[:3]] == [1, 0, 3]
    assert_sound(page)


def test_text_beside_a_block_is_a_block_of_its_own() -> None:
    (page,) = read("<div>before<h2>Head</h2>after<br>on a new line<br><br>and apart</div>")

    assert blocks(page) == [
        ("paragraph", "before"),
        ("heading", "Head"),
        ("paragraph", "after\non a new line"),
        ("paragraph", "and apart"),
    ]
    assert_sound(page)


def test_headings_without_a_tag_are_told_by_size_and_weight() -> None:
    body = '<div style="font-size:9pt">' + "Plain text of a report. " * 20 + "</div>"

    (page,) = read(
        '<div style="font-size:22pt">ITEM 1. BUSINESS</div>'
        '<div><span style="font-size:9pt;font-weight:700">General</span></div>'
        f"{body}"
        '<div><b style="font-size:9pt">This bold sentence is only stressed.</b></div>'
    )

    assert [(block.kind, block.level) for block in page.blocks] == [
        (BlockKind.HEADING, 1),
        (BlockKind.HEADING, 2),
        (BlockKind.PARAGRAPH, 0),
        (BlockKind.PARAGRAPH, 0),
    ]


def test_bullets_set_apart_by_a_margin_are_list_items() -> None:
    (page,) = read('<div><span>•</span><span style="padding-left:9pt">Fewer flights</span></div>')

    assert blocks(page) == [("list", "• Fewer flights")]


def test_what_is_not_shown_is_not_read() -> None:
    (page,) = read(
        """<html><head><title>t</title><style>.gone {display: none} p.also{visibility:hidden}</style></head>
        <body>
        <div style="display:none"><ix:header><ix:hidden>1</ix:hidden></ix:header></div>
        <script>var secret</script><template>t</template>
        <p hidden>h</p><p class="gone x">g</p><p class="also">a</p>
        <p style="DISPLAY : NONE !important">n</p><p style="font-size:0">z</p><nav>menu</nav><!-- comment -->
        <p>shown&shy; zero\u200bwidth</p></body></html>"""
    )

    assert page.text == "shown zerowidth"


def test_inline_xbrl_is_read_as_its_text() -> None:
    (page,) = read(
        "<p>Emissions of <ix:nonFraction name='x'>1,234</ix:nonFraction> t"
        "<ix:continuation><span> in total</span></ix:continuation></p>"
    )

    assert page.text == "Emissions of 1,234 t in total"


def test_self_closed_tags_of_xhtml_do_not_swallow_what_follows() -> None:
    (page,) = read(
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><div style="display:none"/>'
        '<a id="x"/><p>shown</p><title/><p>too</p></body></html>'
    )

    assert page.text == "shown\ntoo"


def test_raised_digits_are_written_raised_and_lowered_ones_are_not() -> None:
    (page,) = read(
        '<p>1,234<sup>2</sup> tCO<sub>2</sub>e per m<span style="vertical-align:super">3</span></p>'
    )

    assert page.text == "1,234² tCO2e per m³"


# -- tables -----------------------------------------------------------------------------------------------

TABLE = """<p>Emissions in tCO2e:</p><table>
<tr><td></td><td>2024</td><td>2023</td></tr>
<tr><td>Scope 1</td><td>1,200</td><td>1,300</td></tr>
<tr><td>Scope 2</td><td>800</td><td></td></tr></table>"""


def test_a_table_is_a_line_a_row_with_tabs_between_cells() -> None:
    (page,) = read(TABLE)

    assert blocks(page)[1] == ("table", "2024\t2023\nScope 1\t1,200\t1,300\nScope 2\t800")
    (table,) = page.tables
    assert table.caption == "Emissions in tCO2e:"
    assert [(cell.row, cell.column, cell.header) for cell in table.rows[1]] == [
        (1, 0, ()),
        (1, 1, ("2024",)),
        (1, 2, ("2023",)),
    ]
    assert_sound(page)


def test_cells_of_a_column_stand_under_each_other() -> None:
    (page,) = read(TABLE)

    lefts = {page.text[word.start : word.end]: word.box.x0 for word in page.words}
    assert lefts["2024"] == lefts["1,200"] == lefts["800"] < lefts["2023"] == lefts["1,300"]


def test_tables_that_lay_out_a_page_are_read_as_its_text() -> None:
    (page,) = read(
        f"<table><tr><td><h2>Left</h2>{TABLE}</td><td><p>Right</p></td></tr></table>"
        f"<table><tr><td>{'long ' * 400}</td><td>x</td></tr></table>"
        "<table><tr><td>alone</td></tr></table>"
    )

    assert [kind for kind, _ in blocks(page)[:4]] == ["heading", "paragraph", "table", "paragraph"]
    assert len(page.tables) == 1
    assert blocks(page)[-1] == ("paragraph", "alone")


def test_a_table_of_bullets_is_a_list() -> None:
    (page,) = read("<table><tr><td>•</td><td>first</td></tr><tr><td>•</td><td>second</td></tr></table>")

    assert blocks(page) == [("list", "• first"), ("list", "• second")]


# -- pages ------------------------------------------------------------------------------------------------

FILING = "".join(
    f"<div><a>Table of Contents</a></div><p>{'Text of the page. ' * 30}{word}</p>"
    f'<div>2025 FORM 10-K &#160; <span>{number}</span></div><hr style="page-break-after:always"/>'
    for number, word in enumerate(("alpha", "beta", "gamma", "delta", "epsilon"), 1)
)


def test_a_filing_has_its_own_pages_with_their_printed_numbers() -> None:
    pages = read("<p>Cover</p><hr style='page-break-after:always'>" + FILING)

    assert [page.number for page in pages] == [1, 2, 3, 4, 5, 6]
    assert [page.label for page in pages] == ["", "1", "2", "3", "4", "5"]
    assert blocks(pages[2])[0] == ("header", "Table of Contents")
    assert blocks(pages[2])[-1] == ("footer", "2025 FORM 10-K 2")


@pytest.mark.parametrize(
    "mark",
    [
        '<div style="page-break-after: always"></div>',
        '<div style="break-before:page">',
        '<p style="PAGE-BREAK-BEFORE:always">&nbsp;</p>',
    ],
)
def test_pages_end_where_css_says(mark: str) -> None:
    assert [page.text for page in read(f"<p>one</p>{mark}<p>two</p>")] == ["one", "two"]


def test_rules_part_pages_only_where_they_stand_like_page_ends() -> None:
    sheet = f"<p>{'Words of an old filing. ' * 60}</p>"

    assert len(read((sheet + "<hr>") * 8)) == 8
    assert len(read(("<p>short</p><hr>") * 8)) == 1


def test_roman_and_prefixed_numbers_are_labels_too() -> None:
    front = "".join(
        f"<p>Preface {n}</p><p>{n}</p><div style='page-break-after:always'></div>" for n in ("i", "ii", "iii")
    )
    annex = "".join(f"<p>Annex</p><p>F-{n}</p><div style='page-break-after:always'></div>" for n in (1, 2, 3))

    assert [page.label for page in read(front + annex)] == ["i", "ii", "iii", "F-1", "F-2", "F-3"]


def test_numbers_that_do_not_count_on_are_no_labels() -> None:
    numbers = (1990, 12, 7, 2030, 5)

    pages = read(
        "".join(f"<p>{n}</p><p>text</p><div style='page-break-after:always'></div>" for n in numbers)
    )

    assert [page.label for page in pages] == [""] * 5


def test_a_page_without_breaks_is_cut_between_blocks_to_about_a_page() -> None:
    paragraphs = [f"<p>Paragraph {n}. {'Words and words. ' * 30}</p>" for n in range(40)]

    pages = read("".join(paragraphs))

    assert all(2000 < len(page.text) <= 3600 for page in pages[:-1])
    assert [page.text.count("Paragraph") for page in pages] == [len(page.blocks) for page in pages]


def test_a_heading_does_not_stay_behind_at_the_foot_of_a_page() -> None:
    pages = read(f"<p>{'a ' * 1700}</p><h2>Head</h2><p>{'b ' * 500}</p>")

    assert [blocks(page)[0][0] for page in pages] == ["paragraph", "heading"]


def test_a_table_longer_than_a_page_goes_on_with_its_headers() -> None:
    rows = "".join(f"<tr><td>Site number {n}</td><td>{n}.5</td></tr>" for n in range(600))

    pages = read(f"<table><tr><th>Site</th><th>MWh</th></tr>{rows}</table>")

    assert len(pages) > 2
    assert pages[1].tables[0].rows[0][1].header == ("MWh",)
    for page in pages:
        assert_sound(page)


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(Rejected) as refusal:
        read(FILING, max_pages=4)

    assert refusal.value.code == "too_many_pages"


@pytest.mark.parametrize("html", ["<html></html>", "<script>draw()</script>", "<p> &nbsp;</p>", ""])
def test_a_page_without_text_is_refused(html: str) -> None:
    with pytest.raises(Rejected) as refusal:
        read(html)

    assert refusal.value.code == "no_text"


# -- layout -----------------------------------------------------------------------------------------------


def test_a_long_page_is_taller_not_smaller() -> None:
    (page,) = read("<div style='page-break-after:always'></div>" + "<p>line</p>" * 200)

    assert page.width == 612
    assert page.height > 792
    assert_sound(page)


def test_a_word_wider_than_the_page_is_cut_into_lines() -> None:
    (page,) = read("<p>a " + "W" * 500 + " 氣候" * 300 + "氣" * 400 + "</p>")

    assert_sound(page)


def test_a_table_of_many_columns_stays_on_the_page() -> None:
    cells = "".join(f"<td>{n},000</td>" for n in range(60))

    (page,) = read("<table>" + f"<tr><td>Label of the row</td>{cells}</tr>" * 3 + "</table>")

    assert_sound(page)


TAGS = [
    "p",
    "div",
    "span",
    "b",
    "h2",
    "ul",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "br",
    "hr",
    "sup",
    "ix:x",
    "caption",
]
STYLES = ["", ' style="page-break-after:always"', ' style="font-size:20pt"', ' colspan="3"', ' rowspan="2"']


@st.composite
def pages_of_tags(draw: st.DrawFn) -> str:
    """Markup that may be ill-formed, as the web is."""
    pieces = draw(
        st.lists(
            st.one_of(
                st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(STYLES)),
                st.builds("</{}>".format, st.sampled_from(TAGS)),
                st.sampled_from(
                    ["$", "1,200", ")", "2024", "•", "iv", "12", "Scope 1", "&nbsp;", "\n", "中文", "é\u0301"]
                ),
                st.text(max_size=8),
            ),
            max_size=60,
        )
    )
    return "<body><p>x" + "".join(pieces)


@settings(max_examples=150, deadline=None)
@given(pages_of_tags())
def test_whatever_the_markup_every_page_is_sound(html: str) -> None:
    for number, page in enumerate(read(html), 1):
        assert page.number == number
        assert_sound(page)


def test_the_same_bytes_give_the_same_pages() -> None:
    assert read(FILING + TABLE) == read(FILING + TABLE)


# -- what a page says of itself ---------------------------------------------------------------------------


def test_machine_readable_facts_name_company_and_year() -> None:
    facts = about(
        '<html><head><title> Annual \n report</title><meta name="author" content="Acme"></head><body>'
        '<ix:nonNumeric name="dei:EntityRegistrantName">Acme, Inc.</ix:nonNumeric>'
        '<ix:nonNumeric name="dei:DocumentFiscalYearFocus">2025</ix:nonNumeric></body></html>'
    )

    assert (facts.title, facts.author, facts.company, facts.year) == (
        "Annual report",
        "Acme",
        "Acme, Inc.",
        2025,
    )


def test_a_page_may_say_nothing_of_itself() -> None:
    assert about("<p>x") == About()
