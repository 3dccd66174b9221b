"""Tables as reports set them: spans, signs and brackets in columns of their own, several header rows."""

from selectolax.lexbor import LexborHTMLParser

from esg.extract.html.grid import Grid, read_grid
from esg.extract.html.style import Sheet, Style


def grid(rows: str) -> Grid:
    table = LexborHTMLParser(f"<table>{rows}</table>").css_first("table")
    assert table is not None
    return read_grid(table, Sheet(""), Style(), {})


def texts(read: Grid) -> list[list[str]]:
    return [[entry.text for entry in row] for row in read.rows]


def headers(read: Grid, row: int) -> list[tuple[str, ...]]:
    return [entry.header for entry in read.rows[row]]


def row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def test_signs_and_brackets_join_the_figure_they_belong_to() -> None:
    read = grid(
        row("", "", "2024", "", "", "", "2023", "")
        + row("Revenue", "$", "1,200", "", "", "$", "1,100", "")
        + row("Loss", "", "(35", ")", "", "", "(20", ")")
        + row("Margin", "", "12", "%", "", "", "11.5", "%")
    )

    assert texts(read) == [
        ["2024", "2023"],
        ["Revenue", "$1,200", "$1,100"],
        ["Loss", "(35)", "(20)"],
        ["Margin", "12%", "11.5%"],
    ]
    assert [[entry.column for entry in row] for row in read.rows] == [[1, 2], [0, 1, 2], [0, 1, 2], [0, 1, 2]]
    assert headers(read, 2) == [(), ("2024",), ("2023",)]


def test_a_header_over_many_columns_heads_each_of_them() -> None:
    read = grid(
        '<tr><td></td><td colspan="2">Year ended 30 June</td><td colspan="2">Change</td></tr>'
        + row("tCO2e", "2024", "2023", "abs.", "%")
        + row("Scope 1", "100", "120", "-20", "-17")
    )

    assert headers(read, 2) == [
        ("tCO2e",),
        ("Year ended 30 June", "2024"),
        ("Year ended 30 June", "2023"),
        ("Change", "abs."),
        ("Change", "%"),
    ]


def test_a_cell_over_many_rows_keeps_the_columns_below_in_place() -> None:
    read = grid(
        '<tr><th rowspan="2">Region</th><th colspan="2">Energy</th></tr>'
        "<tr><th>2024</th><th>2023</th></tr>"
        '<tr><td rowspan="2">Europe</td><td>10</td><td>11</td></tr>'
        "<tr><td>12</td><td>13</td></tr>"
    )

    assert [[entry.column for entry in row] for row in read.rows] == [[0, 1], [1, 2], [0, 1, 2], [1, 2]]
    assert headers(read, 3) == [("Energy", "2024"), ("Energy", "2023")]


def test_years_head_columns_but_are_no_figures() -> None:
    read = grid(row("", "FY2023", "2022/23", "2021¹") + row("Water", "1", "2", "3"))

    assert headers(read, 1) == [(), ("FY2023",), ("2022/23",), ("2021¹",)]


def test_a_label_over_a_section_is_not_a_header_of_columns() -> None:
    read = grid(row("", "2024") + row("Assets:", "") + row("Cash", "5"))

    assert headers(read, 2) == [(), ("2024",)]


def test_a_table_without_figures_has_headers_only_where_marked_or_bold() -> None:
    plain = grid(row("Topic", "Answer") + row("Policy", "Yes, since May"))
    bold = grid(row("<b>Topic</b>", "<b>Answer</b>") + row("Policy", "Yes, since May"))
    marked = grid("<tr><th>Topic</th><th>Answer</th></tr>" + row("Policy", "Yes"))

    assert headers(plain, 1) == [(), ()]
    assert headers(bold, 1) == headers(marked, 1) == [("Topic",), ("Answer",)]


def test_footnote_marks_stay_apart_from_figures() -> None:
    read = grid(row("", "2024") + "<tr><td>Scope 2<sup>3</sup></td><td>1,234<sup>(1)</sup></td></tr>")

    assert texts(read)[1] == ["Scope 2³", "1,234⁽¹⁾"]


def test_hidden_cells_and_empty_rows_are_not_there() -> None:
    read = grid(
        row("", "")
        + '<tr><td>a</td><td style="display:none">secret</td><td>1</td></tr>'
        + '<tr style="visibility:hidden"><td>x</td><td>2</td></tr>'
        + row("b", "2")
    )

    assert texts(read) == [["a", "1"], ["b", "2"]]


def test_text_of_a_cell_is_one_line_with_single_blanks() -> None:
    read = grid(
        "<tr><td><p>Energy</p><p>use</p>\n\tin <br/>MWh&nbsp;(net)</td><td>1</td></tr>" + row("b", "2")
    )

    assert texts(read)[0] == ["Energy use in MWh (net)", "1"]


def test_a_caption_is_kept() -> None:
    assert (
        grid("<caption>Emissions <i>by scope</i></caption>" + row("a", "1")).caption == "Emissions by scope"
    )


def test_bullets_beside_lines_are_a_list_not_a_table() -> None:
    assert not grid(row("•", "first") + row("•", "second")).is_data
    assert not grid(row("(a)", "first") + row("(b)", "second")).is_data
    assert grid(row("a", "1") + row("b", "2")).is_data


def test_absurd_spans_are_cut() -> None:
    wide = '<td colspan="1000" rowspan="65535">1</td>' * 100

    read = grid(f"<tr>{wide}</tr>" + row("a", "2"))

    assert read.columns <= 101


def test_no_two_entries_of_a_row_share_a_column() -> None:
    read = grid(
        '<tr><td colspan="3">wide</td><td>x</td></tr>' + row("a", "b", "c", "d") + row("1", "2", "3", "4")
    )

    assert [entry.column for entry in read.rows[0]] == [0, 3]
