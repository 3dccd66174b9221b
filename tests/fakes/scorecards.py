"""A scorecard made by hand: an invented company, every noun and every odd case present."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from esg.domain import (
    BlockKind,
    Box,
    Claim,
    CriterionResult,
    Disclosure,
    Document,
    Evidence,
    Fetched,
    Identity,
    Kpi,
    MediaType,
    Overall,
    Page,
    Parity,
    Retrieval,
    Scorecard,
    Span,
    Status,
    ThemeScore,
    Versions,
    document_id,
    evidence_id,
)

DOCUMENT = document_id(b"the invented report of Brisk Harbour plc")

QUOTES = {
    "target": (7, "5", "We will cut absolute Scope 1 and 2 emissions by 42% by 2030 from a 2020 base year."),
    "sbti": (
        8,
        "6",
        "Our near-term targets were validated by the Science Based Targets initiative in May 2023.",
    ),
    "board": (12, "10", "The Sustainability Committee of the Board met four times during the year."),
    "pay": (13, "11", "Fifteen per cent of the long-term incentive depends on the emissions target."),
    "platform": (
        15,
        "13",
        "Site data is entered monthly in a central database with automatic plausibility checks.",
    ),
    "audit": (16, "14", "Internal audit tests the environmental data of five sites each year."),
    "scopes": (18, "16", "Scope 1\t12,480\t13,120\ttCO2e"),
    "assurance": (
        21,
        "19",
        "An independent firm gave limited assurance over Scope 1, 2 and business travel.",
    ),
    "tcfd": (22, "20", "This report follows the recommendations of the TCFD and cites the GRI Standards."),
    "gri": (23, "21", "The GRI content index starts on page 40."),
    "meters": (17, "15", "Half-hourly meters cover 92% of the electricity used by our terminals."),
    "leds": (17, "15", "Replacing lamps saved 1.4 GWh and paid back in 19 months."),
    "energy": (19, "17", "Total energy consumption\t184.2\tGWh"),
    "net_zero": (6, "4", "We aim to reach net zero across our value chain by 2045."),
}

THEMES = (
    ("TSP", 3, 0.82, ("target", "sbti", "net_zero")),
    ("OSP", 3, 0.74, ("board", "pay")),
    ("DM", 2, 0.61, ("platform", "audit")),
    ("GHG", 3, 0.88, ("scopes", "assurance")),
    ("RD", 2, 0.70, ("tcfd", "gri")),
    ("EI", 2, 0.66, ("meters", "leds")),
)


def evidence(name: str) -> Evidence:
    page, printed, quote = QUOTES[name]
    start, end = 100, 100 + len(quote)
    return Evidence(
        id=evidence_id(DOCUMENT, Span(page, start, end)),
        document_id=DOCUMENT,
        page=page,
        printed_page=printed,
        quote=quote,
        start=start,
        end=end,
        boxes=(Box(56.7, 210.128, 410.5, 222.4), Box(56.7, 224.0, 300.25, 236.2)),
        sha256=hashlib.sha256(quote.encode()).hexdigest(),
        chunk_id=hashlib.sha256(name.encode()).hexdigest()[:16],
        retrieval=None if "\t" in quote else Retrieval(0.6123456789, 7.25, 0.0317, 2),
    )


def kpi(
    key: str, raw: str, unit: str, value: float, normal: str, quote: str = "scopes", **extra: object
) -> Kpi:
    cited = evidence(quote)
    base = Kpi(
        kpi=key,
        raw_value=raw,
        raw_unit=unit,
        value=value,
        unit=normal,
        period="FY23",
        fiscal_year=2023,
        method="",
        boundary="group",
        restated=False,
        page=cited.page,
        quote=cited.quote,
        start=cited.start,
        end=cited.end,
        boxes=cited.boxes,
        flags=(),
        evidence=cited.id,
    )
    return replace(base, **extra)  # type: ignore[arg-type]


def scorecard(
    company: str = "Brisk Harbour plc", *, year: int | None = 2023, guessed: bool = True
) -> Scorecard:
    """Build a complete scorecard; six themes scored, one not disclosed."""
    themes = [_theme(code, level, confidence, names) for code, level, confidence, names in THEMES]
    themes.append(
        ThemeScore(
            code="RMM",
            level=0,
            confidence=0.55,
            status=Status.NOT_DISCLOSED,
            rationale="No passage describes how climate risks are found or handled.",
            criteria=(CriterionResult("RMM.1.1", 1, False, ()), CriterionResult("RMM.2.1", 2, False, ())),
            evidence=(),
        )
    )
    return Scorecard(
        document=Document(
            id=DOCUMENT,
            source="brisk-harbour-2023.pdf",
            media_type=MediaType.PDF,
            size_bytes=1_834_112,
            identity=Identity(company, year, company_guessed=guessed, year_guessed=guessed),
            pages=24,
            language="en",
            title="Sustainability Report 2023",
        ),
        rubric_id="maturity",
        rubric_version="1.0.0",
        versions=Versions("0.1.0", "minilm-int8", "local-1"),
        overall=Overall(score=15 / 7, grade="Established", confidence=0.708571),
        themes=tuple(themes),
        kpis=_kpis(),
        claims=_claims(),
        frameworks=_frameworks(),
        evidence=tuple(evidence(name) for name in sorted(QUOTES, key=lambda n: (QUOTES[n][0], n))),
        parity=Parity(ok=True, evidence_outside_top_k=()),
        trace_id=DOCUMENT[:32],
    )


def _theme(code: str, level: int, confidence: float, names: tuple[str, ...]) -> ThemeScore:
    ids = tuple(evidence(name).id for name in names)
    met = [CriterionResult(f"{code}.{n}.1", n, True, ids[:2]) for n in range(1, level + 1)]
    unmet = [CriterionResult(f"{code}.{n}.1", n, False, ()) for n in range(level + 1, 5)]
    return ThemeScore(
        code=code,
        level=level,
        confidence=confidence,
        status=Status.SCORED,
        rationale=f"The demands of level {level} are met; nothing was found for level {level + 1}.",
        criteria=(*met, *unmet),
        evidence=ids,
    )


def _kpis() -> tuple[Kpi, ...]:
    return (
        kpi("scope1", "12,480", "tCO2e", 12480.0, "tCO2e"),
        kpi("scope1", "13,120", "tCO2e", 13120.0, "tCO2e", period="FY22", fiscal_year=2022, restated=True),
        kpi("scope2_location", "31.4", "kt", 31400.0, "tCO2e", method="location"),
        kpi("scope2_market", "4.02", "kt", 4020.0000000000005, "tCO2e", method="market"),
        kpi("scope3", "1.9", "million tonnes", 1_900_000.0, "tCO2e", flags=("year_on_year_x10",)),
        kpi("energy_consumption", "184.2", "GWh", 184200.0, "MWh", "energy"),
        kpi("renewable_electricity_share", "63", "%", 63.0, "%", "meters", boundary="terminals"),
    )


def _claims() -> tuple[Claim, ...]:
    pairs = {"net_zero_target_year": ("2045", "net_zero"), "sbti_status": ("validated", "sbti")}
    pairs["assurance_level"] = ("limited", "assurance")
    return tuple(
        Claim(key, value, evidence(name).page, evidence(name).quote, evidence(name).id)
        for key, (value, name) in pairs.items()
    )


def _frameworks() -> tuple[tuple[str, tuple[Disclosure, ...]], ...]:
    board, scopes = evidence("board").id, evidence("scopes").id
    return (
        ("TCFD", (Disclosure("governance_a", "yes", (board,)), Disclosure("strategy_c", "no", ()))),
        ("IFRS_S2", (Disclosure("29a", "partial", (scopes,)),)),
        ("ESRS", (Disclosure("E1-6", "yes", (scopes,)), Disclosure("E1-8", "no", ()))),
        ("GRI", (Disclosure("305-1", "yes", (scopes,)),)),
    )


def quoting(fetched: Fetched, pages: Sequence[Page]) -> Scorecard:
    """Build a scorecard of a real document that quotes the first short sentence of each page."""
    found = document_id(fetched.data)
    cited = tuple(quote for page in pages if (quote := _sentence(found, page)))
    card = scorecard()
    ids = tuple(quote.id for quote in cited[:2])
    theme = replace(card.themes[0], evidence=ids, criteria=(CriterionResult("TSP.1.1", 1, True, ids),))
    figure = replace(card.kpis[0], page=cited[0].page, quote=cited[0].quote, start=cited[0].start)
    figure = replace(figure, end=cited[0].end, boxes=cited[0].boxes, evidence=cited[0].id)
    return replace(
        card,
        document=replace(card.document, id=found, source=fetched.source, pages=len(pages)),
        themes=(theme,),
        kpis=(figure,),
        claims=(Claim("base_year", "2020", cited[1].page, cited[1].quote, cited[1].id),),
        frameworks=(),
        evidence=cited,
    )


def _sentence(found: str, page: Page) -> Evidence | None:
    block = next((b for b in page.blocks if b.kind is BlockKind.PARAGRAPH and b.end - b.start > 60), None)
    if block is None:
        return None
    end = page.text.find(".", block.start, block.end) + 1 or block.end
    words = [word.box for word in page.words if word.start >= block.start and word.end <= end]
    quote = page.text[block.start : end]
    return Evidence(
        id=evidence_id(found, Span(page.number, block.start, end)),
        document_id=found,
        page=page.number,
        printed_page=page.label,
        quote=quote,
        start=block.start,
        end=end,
        boxes=tuple(words),
        sha256=hashlib.sha256(quote.encode()).hexdigest(),
        chunk_id="0" * 16,
        retrieval=None,
    )
