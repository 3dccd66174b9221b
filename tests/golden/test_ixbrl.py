"""Inline XBRL, trap by trap: facts as they were tagged, figures of the group alone, quotes as printed."""

from pathlib import Path

import pytest

from esg.domain import Dimension, Document, Fact, Identity, Kpi, MediaType, document_id
from esg.extract import Extraction, ParseLimits, extract
from esg.extract.html import read_html
from esg.fetch import from_bytes
from esg.kpi import read_kpis
from tests.golden.ixbrl.sheet import Report, member, number, report, words

LIMITS = ParseLimits(max_pages=200, timeout_seconds=60, memory_bytes=2**31)
SHARED = Path(__file__).parents[3] / "shared" / "reports" / "more"

Values = dict[tuple[str, int | None], float]


def read(data: bytes) -> Extraction:
    extraction = extract(from_bytes(data, name="report.xhtml"), limits=LIMITS)
    for fact in extraction.facts:
        if fact.place:
            page = extraction.pages[fact.place.page - 1]
            stands = "".join(page.text[fact.place.start : fact.place.end].split())
            assert stands
            assert "".join(fact.printed.split()).startswith(stands[:1000])
    return extraction


def fact(data: bytes, name: str = "esrs:GrossScope1GreenhouseGasEmissions") -> Fact:
    """The one fact of a concept, read without a sandbox."""
    facts = read_html(data, document_id=document_id(data), max_pages=5).facts
    (found,) = [fact for fact in facts if fact.concept == name]
    return found


def figures(data: bytes, *, year: int | None = 2024) -> list[Kpi]:
    extraction = read(data)
    document = Document(
        id=document_id(data),
        source="report.xhtml",
        media_type=MediaType.HTML,
        size_bytes=len(data),
        identity=Identity("Orrindel Textiles SE", year),
        pages=len(extraction.pages),
    )
    kpis = read_kpis(document, extraction.pages, extraction.facts)
    for kpi in kpis:
        page = extraction.pages[kpi.page - 1]
        assert page.text[kpi.start : kpi.end] == kpi.quote
        assert kpi.raw_value in kpi.quote
        assert kpi.boxes
    return kpis


def tagged(data: bytes, **options: int | None) -> Values:
    return {(k.kpi, k.fiscal_year): k.value for k in figures(data, **options) if "ixbrl" in k.flags}


SCOPE1 = "GrossScope1GreenhouseGasEmissions"
DOT = {"format": "ixt:num-dot-decimal"}


def line(figure: str, *, label: str = "Direct releases of our sites") -> Report:
    """A report with one figure under a name that nothing but its tag explains."""
    return report().table(["", "2024"], [label, figure])


# -- values -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "attributes", "value"),
    [
        ("1.5", {"scale": "6"}, "1500000"),
        ("1,234.5", {"format": "ixt:num-dot-decimal", "scale": "3"}, "1234500"),
        ("1.234,5", {"format": "ixt:num-comma-decimal"}, "1234.5"),
        ("1 234,50", {"format": "ixt:num-comma-decimal"}, "1234.5"),
        ("1&#160;234&#160;567", {"format": "ixt:num-dot-decimal"}, "1234567"),
        ("12,480", {"format": "ixt:num-dot-decimal", "sign": "-"}, "-12480"),
        ("—", {"format": "ixt:fixed-zero"}, "0"),
        ("42.5", {"scale": "-2"}, "0.425"),
        ("0,30", {"format": "ixt:num-comma-decimal", "scale": "0"}, "0.3"),
        ("<b>12</b>,<i>480</i>", {"format": "ixt:num-dot-decimal"}, "12480"),
    ],
)
def test_scale_sign_and_format_make_the_value(text: str, attributes: dict[str, str], value: str) -> None:
    found = fact(line(number(SCOPE1, text, **attributes)).data())

    assert (found.value, found.number, found.flags) == (value, float(value), ())
    assert found.place


@pytest.mark.parametrize(
    ("text", "attributes", "flag"),
    [
        ("1,234", {}, "bad_format"),
        ("1,234,5", {"format": "ixt:num-comma-decimal"}, "bad_format"),
        ("n/a", {"format": "ixt:num-dot-decimal"}, "bad_format"),
        ("12", {"format": "orr:our-own"}, "unknown_format"),
        ("12", {"format": "nobody:bound-it"}, "unknown_format"),
        ("12", {"scale": "1e3"}, "bad_scale"),
        ("12", {"scale": "999999999"}, "bad_scale"),
        ("12", {"sign": "+"}, "bad_sign"),
        ("9" * 5000, {}, "bad_format"),
    ],
)
def test_a_value_that_cannot_be_read_is_none_and_says_why(
    text: str, attributes: dict[str, str], flag: str
) -> None:
    data = line(number(SCOPE1, text, **attributes)).data()
    found = fact(data)

    assert (found.value, found.number, found.flags) == ("", None, (flag,))
    assert tagged(data) == {}


def test_nil_is_no_figure() -> None:
    data = line(number(SCOPE1, "not measured", xsi_nil="true")).data()

    found = fact(data)
    assert (found.is_nil, found.value, found.number, found.flags) == (True, "", None, ())
    assert figures(data) == []


def test_tags_inside_tags_are_facts_of_their_own() -> None:
    inner = number(SCOPE1, "12,480", format="ixt:num-dot-decimal")
    outer = number("orr:ReleasesOfSites", inner, format="ixt:num-dot-decimal")
    data = line(words("esrs:DisclosureOfEmissionsExplanatory", f"Sites: {outer}")).data()

    facts = {f.concept.partition(":")[2]: f for f in read(data).facts}
    assert facts["ReleasesOfSites"].number == facts[SCOPE1].number == 12_480
    assert facts["ReleasesOfSites"].place == facts[SCOPE1].place
    assert facts["DisclosureOfEmissionsExplanatory"].value == "Sites: 12,480"
    assert tagged(data) == {("scope1", 2024): 12_480}


def test_a_text_goes_on_where_it_says() -> None:
    data = (
        report()
        .write(f"<p>{words('esrs:Explanatory', 'We count by sites', continuedAt='c1')}.</p>")
        .write(
            "<p>Between them.</p>"
            '<p><ix:continuation id="c1" continuedAt="c2">and by fleets</ix:continuation></p>'
        )
        .write(
            '<ix:continuation id="c2"><p>of all <ix:exclude>Page 9</ix:exclude> sites</p></ix:continuation>'
        )
        .data()
    )
    found = fact(data, "esrs:Explanatory")

    assert found.value == "We count by sites and by fleets of all sites"
    assert (found.printed, found.flags) == ("We count by sites", ())


def test_dates_are_read_by_their_format() -> None:
    day = words("dei:DocumentPeriodEndDate", "31 December 2024", format="ixt:date-day-monthname-year-en")

    assert fact(report().write(f"<p>{day}</p>").data(), "dei:DocumentPeriodEndDate").value == "2024-12-31"


# -- contexts and units -----------------------------------------------------------------------------------


def test_year_columns_are_told_by_their_contexts() -> None:
    """The years stand nowhere near: the tags alone know them."""
    rows = [
        ["", "This period", "Period before"],
        ["Direct releases", number(SCOPE1, "12480"), number(SCOPE1, "13120", context="before")],
    ]
    kpis = {k.fiscal_year: k for k in figures(report().table(*rows).data())}

    assert {year: k.value for year, k in kpis.items()} == {2024: 12_480, 2023: 13_120}
    assert kpis[2024].quote == kpis[2023].quote == "Direct releases\t12480\t13120"
    assert (kpis[2024].raw_value, kpis[2023].raw_value) == ("12480", "13120")
    assert {k.flags for k in kpis.values()} == {("ixbrl",)}


def test_context_and_unit_are_the_facts() -> None:
    found = fact(line(number(SCOPE1, "12480")).data())

    assert (found.entity, found.start, found.end) == ("5299ORRINDEL00000001", "2024-01-01", "2024-12-31")
    assert (found.unit, found.per, found.decimals, found.dimensions) == (("utr:tCO2e",), (), "0", ())
    assert found.namespace == "https://xbrl.efrag.org/taxonomy/esrs/2023-12-22"


def test_an_instant_is_not_a_duration() -> None:
    heads = "NumberOfEmployeesHeadcountAtEndOfPeriod"
    data = (
        report()
        .context("midnight", "@2024-01-01T00:00:00")
        .context("half", "2024-07-01/2024-12-31")
        .table(
            ["", "Now", "Before", "Half"],
            [
                "Staff",
                number(heads, "4120", context="end_now", unit="pure"),
                number(heads, "3980", context="midnight", unit="pure"),
                number(heads, "4000", context="half", unit="pure"),
            ],
        )
        .data()
    )
    periods = {f.number: (f.start, f.end) for f in read(data).facts}

    assert periods == {4120: ("", "2024-12-31"), 3980: ("", "2023-12-31"), 4000: ("2024-07-01", "2024-12-31")}
    assert tagged(data) == {("employees", 2024): 4_120, ("employees", 2023): 3_980}


def test_a_part_of_the_group_is_not_the_group() -> None:
    data = (
        report()
        .context("germany", "2024", inside=member("esrs:CountryAxis", "country:DE"))
        .context("segment", "2024", inside=member("orr:SegmentsAxis", "orr:YarnMember"), where="segment")
        .context("stated", "2024", inside=member("esrs:ReportingScopeAxis", "esrs:PreviouslyStatedMember"))
        .context("free", "2024", inside="<orr:site>Lower mill</orr:site>", where="segment")
        .table(
            ["", "Sites"],
            *(
                ["Releases", number(SCOPE1, "5100", context=c)]
                for c in ("germany", "segment", "stated", "free")
            ),
        )
        .data()
    )
    assert figures(data) == []
    narrowed = [f.dimensions for f in read(data).facts]
    assert narrowed[0] == (Dimension("esrs:CountryAxis", "country:DE"),)
    assert narrowed[3] == (Dimension("segment", "Lower mill"),)


def test_what_a_tag_says_is_a_part_is_not_read_from_the_print_either() -> None:
    """The row says "Scope 1" and the year; only the tags know of one country and one quarter."""
    made = (
        report()
        .context("germany", "2024", inside=member("esrs:CountryAxis", "country:DE"))
        .context("quarter", "2023-10-01/2023-12-31")
    )
    germany, quarter = (
        number(SCOPE1, "5,100", context="germany", **DOT),
        number(SCOPE1, "900", context="quarter"),
    )
    head, plain = ["t CO2e", "2024", "2023"], ["Scope 1", "5,100", "900"]

    assert {k.value for k in figures(report().table(head, plain).data())} == {5_100, 900}
    assert figures(made.table(head, ["Scope 1", germany, quarter]).data()) == []


def test_categories_of_scope_3_are_members_of_one_axis() -> None:
    axis, whole = "esrs:Scope3GHGEmissionsCategoryGHGProtocolAxis", "GrossScope3GreenhouseGasEmissions"
    data = (
        report()
        .context("cat6", "2024", inside=member(axis, "esrs:Category6BusinessTravelMember"))
        .context(
            "cat1.1", "2024", inside=member(axis, "esrs:Category11CloudComputingAndDataCentreServicesMember")
        )
        .table(
            ["", "Amount"],
            ["All", number(whole, "98400")],
            ["Journeys", number(whole, "2100", context="cat6")],
            ["Clouds", number(whole, "70", context="cat1.1")],
        )
        .data()
    )
    assert tagged(data) == {("scope3", 2024): 98_400, ("scope3_cat6", 2024): 2_100}


def test_the_exact_figure_is_taken_where_it_is_rounded_elsewhere() -> None:
    """ "1.2 million" in the highlights is what the table says to the tonne, not another amount."""
    high = number(SCOPE1, "1.2", scale="6").replace('decimals="0"', 'decimals="-5"')
    low = number(SCOPE1, "1,234,567", **DOT)
    data = (
        report()
        .write(f"<p>In 2024 our Scope 1 emissions were {high} million tonnes of CO2e.</p>")
        .table(["t CO2e", "2024"], ["Scope 1", low])
        .data()
    )
    (kpi,) = figures(data)

    assert (kpi.value, kpi.raw_value, kpi.flags) == (1_234_567, "1,234,567", ("ixbrl",))


def test_amounts_that_rounding_does_not_explain_contradict() -> None:
    high = number(SCOPE1, "1.6", scale="6").replace('decimals="0"', 'decimals="-5"')
    data = (
        report()
        .write(f"<p>We released {high} million tonnes.</p>")
        .table(["", "A"], ["B", number(SCOPE1, "1234567")])
    )
    (kpi,) = figures(data.data())

    assert "contradicted" in kpi.flags


def test_a_ratio_is_no_amount() -> None:
    data = (
        report()
        .unit("intensity", "utr:tCO2e", per="iso4217:EUR")
        .table(["", "2024"], ["Releases by revenue", number(SCOPE1, "0.00031", unit="intensity")])
        .data()
    )
    found = fact(data)

    assert (found.unit, found.per, found.number) == (("utr:tCO2e",), ("iso4217:EUR",), 0.00031)
    assert figures(data) == []


def test_units_are_turned_into_the_kpis_own() -> None:
    data = (
        report()
        .unit("kt", "utr:ktCO2e")
        .unit("TJ", "utr:TJ")
        .unit("l", "utr:l")
        .unit("eur", "iso4217:EUR")
        .table(
            ["", "2024"],
            ["Releases", number(SCOPE1, "12.5", unit="kt")],
            ["Power and heat", number("EnergyConsumptionRelatedToOwnOperations", "1342", unit="TJ")],
            ["From the river", number("WaterWithdrawals", "78.5", unit="l", scale="6")],
            ["Thrown away", number("WasteGenerated", "3244", unit="eur")],
        )
        .data()
    )
    found = tagged(data)

    assert found["scope1", 2024] == 12_500
    assert found["energy_consumption", 2024] == pytest.approx(372_777.78, rel=1e-6)
    assert found["water_withdrawal", 2024] == 78_500
    assert ("waste_total", 2024) not in found


def test_a_unit_that_nobody_knows_leaves_the_figure_to_the_print() -> None:
    figure = number(SCOPE1, "12,480", unit="own", **DOT)
    data = report().unit("own", "orr:bales").table(["t CO2e", "2024"], ["Scope 1", figure]).data()
    (kpi,) = figures(data)

    assert (kpi.value, kpi.flags) == (12_480, ())


def test_a_fiscal_year_may_end_in_the_next_calendar_year() -> None:
    """52 weeks to 1 February 2025 are fiscal 2024, because the document says so."""
    year = words("dei:DocumentFiscalYearFocus", "2024", context="retail")
    data = (
        report()
        .context("retail", "2024-02-04/2025-02-01")
        .hide(year)
        .table(["", "Fiscal year"], ["Releases", number(SCOPE1, "12480", context="retail")])
        .data()
    )
    assert tagged(data) == {("scope1", 2024): 12_480}


# -- places -----------------------------------------------------------------------------------------------


def test_a_hidden_fact_is_no_evidence() -> None:
    unseen = number(SCOPE1, "12480")
    covered = f'<p style="display:none">{number("GrossScope3GreenhouseGasEmissions", "98400")}</p>'
    data = report().hide(unseen).write(covered).write("<p>Releases are told elsewhere.</p>").data()

    facts = read(data).facts
    assert [(f.number, f.place) for f in facts] == [(12_480, None), (98_400, None)]
    assert figures(data) == []


def test_a_sentence_is_quoted_whole() -> None:
    figure = number(SCOPE1, "12.5", scale="3")
    text = f"Much was done. Our sites released {figure} kt CO2e in the year. More below."
    data = report().write(f"<p>{text}</p>")
    (kpi,) = figures(data.data())

    assert (kpi.value, kpi.quote) == (12_500, "Our sites released 12.5 kt CO2e in the year.")
    assert kpi.flags == ("ixbrl",)


def test_a_figure_set_apart_is_quoted_with_its_name() -> None:
    """Pages made from PDFs put each cell of a row into a block of its own."""
    cells = ["Direct releases", number(SCOPE1, "12480"), number(SCOPE1, "13120", context="before")]
    blocks = "".join(
        f'<div style="position:absolute;left:{n}00px">{cell}</div>' for n, cell in enumerate(cells)
    )

    assert [k.quote for k in figures(report().write(blocks).data())] == [
        "Direct releases\n12480",
        "Direct releases\n12480\n13120",
    ]


def test_cells_that_are_joined_keep_their_tags_apart() -> None:
    """ "$" and ")" stand in cells of their own, and the layout joins them."""
    before = number("orr:Cost", "1,204", context="before", format="ixt:num-dot-decimal")
    rows = (
        "<table><tr><td></td><td colspan='3'>2024</td><td colspan='3'>2023</td></tr>"
        f"<tr><td>Cost</td><td>$(</td><td>{number('orr:Cost', '97')}</td><td>)</td>"
        f"<td>$</td><td>{before}</td></tr></table>"
    )
    data = report().write(rows).data()
    extraction = read(data)

    assert "Cost\t$(97)\t$1,204" in extraction.pages[0].text
    assert [f.printed for f in extraction.facts] == ["97", "1,204"]
    for found in extraction.facts:
        assert found.place
        assert extraction.pages[0].text[found.place.start : found.place.end] == found.printed


def test_a_tag_that_disagrees_with_its_print_is_flagged() -> None:
    """The table is in thousand tonnes, the tag forgot its scale."""
    head = ["in thousand t CO2e", "2024", "2023"]
    right, wrong = number(SCOPE1, "12.48", scale="3"), number(SCOPE1, "13.12", context="before")
    kpis = {k.fiscal_year: k for k in figures(report().table(head, ["Direct releases", right, wrong]).data())}

    assert (kpis[2024].value, kpis[2024].flags) == (12_480, ("ixbrl", "jump_x1000"))
    assert kpis[2023].value == 13.12
    assert "contradicts_print" in kpis[2023].flags


def test_a_tag_agrees_with_a_scale_that_a_note_below_the_table_tells() -> None:
    note = "<p>All figures are stated in thousand tonnes of CO2e.</p>"
    row = ["Direct releases", number(SCOPE1, "12.48", scale="3")]
    (kpi,) = figures(report().table(["t CO2e", "2024"], row).write(note).data())

    assert (kpi.value, kpi.flags) == (12_480, ("ixbrl",))


def test_print_and_tag_make_one_figure() -> None:
    """The row says "Scope 2" alone; its tag knows the method."""
    figure = number("GrossMarketBasedScope2GreenhouseGasEmissions", "4,020", format="ixt:num-dot-decimal")
    data = report().table(
        ["tCO2e", "2024", "2023"], ["Scope 2", figure, "4,410"], ["Scope 1", "12,480", "13,120"]
    )
    found = {(k.kpi, k.fiscal_year): k for k in figures(data.data())}

    assert found["scope2_market", 2024].flags == ("ixbrl",)
    assert ("scope2_unspecified", 2024) not in found
    assert found["scope2_unspecified", 2023].value == 4_410
    assert "ixbrl" not in found["scope1", 2024].flags


# -- names ------------------------------------------------------------------------------------------------


def test_a_namespace_counts_not_its_prefix() -> None:
    renamed = line(number("foo:GrossScope1GreenhouseGasEmissions", "12480"))
    renamed.namespaces["foo"] = renamed.namespaces.pop("esrs")
    taken = line(number(SCOPE1, "12480"))
    taken.namespaces["esrs"] = "https://orrindel.example/esrs"

    assert tagged(renamed.data()) == {("scope1", 2024): 12_480}
    assert figures(taken.data()) == []


def test_any_prefix_may_stand_for_inline_xbrl() -> None:
    plain = line(number(SCOPE1, "12480")).hide(number("orr:Other", "1"))
    other = (
        plain.markup().replace("<ix:", "<tag:").replace("</ix:", "</tag:").replace("xmlns:ix=", "xmlns:tag=")
    )

    ours, theirs = read(plain.data()), read(other.encode())
    assert [(f.concept, f.number, f.place) for f in theirs.facts] == [
        (f.concept, f.number, f.place) for f in ours.facts
    ]
    assert [p.text for p in theirs.pages] == [p.text for p in ours.pages]


def test_facts_name_company_and_year() -> None:
    data = (
        report()
        .context(
            "subsidiary", "2024", inside=member("dei:LegalEntityAxis", "orr:YarnMember"), where="segment"
        )
        .hide(words("dei:EntityRegistrantName", "Orrindel Yarn GmbH", context="subsidiary"))
        .hide(words("dei:DocumentFiscalYearFocus", "2023"))
        .write(
            f"<p>{words('dei:EntityRegistrantName', 'Orrindel Textiles SE')}, beside Quernlow plc, 2024</p>"
        )
        .data()
    )
    identity = read(data).identity

    assert (identity.company, identity.year) == ("Orrindel Textiles SE", 2023)
    assert identity.company_guessed


def test_the_year_is_that_of_most_facts_where_none_names_it() -> None:
    """The text says 2030 over and over; the tags are of 2024 and, fewer, of 2023."""
    now = [number(f"orr:N{n}", str(n)) for n in range(4)]
    before = [number(f"orr:N{n}", str(n), context="before") for n in range(3)]
    plan = "<h1>Our 2030 report of the 2030 plan for fiscal year 2030</h1>" * 3

    assert (
        read(report().write(plan).table(["", "A"], *([x, x] for x in now + before)).data()).identity.year
        == 2024
    )


# -- hostile documents ------------------------------------------------------------------------------------


def test_entities_are_never_opened() -> None:
    billion = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE html [<!ENTITY l0 "lol"><!ENTITY me SYSTEM "file:///etc/hostname">{billion}]>\n<html '
    markup = line(number(SCOPE1, "12480")).write("<p>&l9; and &me;</p>").markup().replace("<html ", head, 1)
    extraction = read(markup.encode())

    text = "".join(page.text for page in extraction.pages)
    assert "lollol" not in text
    assert "&me;" in text
    assert len(text) < 5_000
    assert fact(markup.encode()).number == 12_480


@pytest.mark.parametrize(
    ("made", "flag"),
    [
        (line(number(SCOPE1, "12480", context="nobody")), "no_context"),
        (line(number(SCOPE1, "12480", unit="nothing")), "no_unit"),
        (
            line(number(SCOPE1, "12480", context="twice")).context("twice", "2024").context("twice", "2023"),
            "ambiguous_context",
        ),
        (
            line(number(SCOPE1, "12480", unit="two")).unit("two", "utr:t").unit("two", "utr:kg"),
            "ambiguous_unit",
        ),
        (line(number(SCOPE1, "12480", context="odd")).context("odd", "2024-13-45/2024-12-31"), "bad_period"),
        (line(number(SCOPE1, "12480", context="odd")).context("odd", "2024-12-31/2024-01-01"), "bad_period"),
        (line(number(SCOPE1, "12480", context="odd")).context("odd", "0001-01-01/0001-01-01"), "bad_period"),
        (line(number(SCOPE1, "12480", context="odd")).context("odd", "@9999-12-31"), ""),
    ],
)
def test_what_is_not_sure_is_no_figure(made: Report, flag: str) -> None:
    data = made.data()

    assert fact(data).flags == ((flag,) if flag else ())
    assert tagged(data, year=None) == {}


def test_an_empty_segment_narrows_nothing() -> None:
    made = line(number(SCOPE1, "12480", context="bare")).context("bare", "2024", inside=" ", where="segment")

    assert tagged(made.data()) == {("scope1", 2024): 12_480}


def test_the_same_context_twice_is_one() -> None:
    made = line(number(SCOPE1, "12480", context="twice")).context("twice", "2024").context("twice", "2024")

    assert tagged(made.data()) == {("scope1", 2024): 12_480}


@pytest.mark.parametrize(("target", "flag"), [("c1", "continuation_cycle"), ("gone", "continuation_missing")])
def test_a_chain_that_does_not_end_is_cut(target: str, flag: str) -> None:
    data = (
        report()
        .write(f"<p>{words('esrs:Explanatory', 'first', continuedAt='c1')}</p>")
        .write('<p><ix:continuation id="c1" continuedAt="c2">second</ix:continuation></p>')
        .write(f'<p><ix:continuation id="c2" continuedAt="{target}">third</ix:continuation></p>')
        .data()
    )
    found = fact(data, "esrs:Explanatory")

    assert (found.value, found.flags) == ("first second third", (flag,))


def test_tags_nested_without_end_are_read_in_time() -> None:
    deep = 10_000
    opened = "".join(f'<ix:nonNumeric name="orr:T{n}" contextRef="now">' for n in range(deep))
    extraction = read(report().write(f"<p>{opened}word{'</ix:nonNumeric>' * deep}</p>").data())

    assert len(extraction.facts) == deep
    assert extraction.facts[-1].value == "word"


def test_contexts_without_end_are_looked_at_in_time() -> None:
    deep = 10_000
    nested = f"{'<xbrli:identifier>' * deep}1{'</xbrli:identifier>' * deep}"
    wide = member("esrs:CountryAxis", "country:DE") * deep
    made = line(number(SCOPE1, "12480", context="wide"))

    assert tagged(made.resources(nested).context("wide", "2024", inside=nested + wide).data()) == {}


def test_markup_that_is_no_xml_is_read_as_far_as_it_goes() -> None:
    broken = (
        line(number(SCOPE1, "12480"))
        .markup()
        .replace("</table>", "<b><td></p>")
        .replace("</body></html>", "")
    )

    assert tagged(broken.encode()) == {("scope1", 2024): 12_480}


# -- a filing ---------------------------------------------------------------------------------------------


@pytest.mark.skipif(not (SHARED / "nke-10k.html").exists(), reason="../shared/reports/more is not here")
def test_a_filing_of_a_hundred_pages() -> None:
    extraction = read((SHARED / "nke-10k.html").read_bytes())
    numeric = [f for f in extraction.facts if f.unit]

    assert len(extraction.facts) == 1639
    assert len(numeric) == 1458
    assert (
        sum(f.number is None and not f.is_nil for f in numeric) == 4
    )  # words for numbers, of the SEC's own formats
    assert sum(f.place is None for f in extraction.facts) == 19
    assert {f.flags for f in extraction.facts} == {(), ("unknown_format",)}
    assert (extraction.identity.company, extraction.identity.year) == ("NIKE, Inc.", 2025)
