"""Keys → the words a reader knows them by; an unknown key is shown as it is, made readable."""

from esg.domain import Contradiction, Document, Evidence, Kpi, Scorecard, Statement, Status, ThemeScore

MOST_PAGES = 8  # that a line lists
THEMES = {
    "TSP": "Target setting & planning",
    "OSP": "Operational structure & processes",
    "DM": "Data maturity",
    "GHG": "GHG accounting",
    "RD": "Reporting & disclosure",
    "EI": "Energy intelligence",
    "RMM": "Risk management & mitigation",
}

SHORT_THEMES = {
    "TSP": "TSP targets",
    "OSP": "OSP operations",
    "DM": "DM data",
    "GHG": "GHG accounting",
    "RD": "RD reporting",
    "EI": "EI energy",
    "RMM": "RMM risk",
}

STATUSES = {
    Status.SCORED: "Scored",
    Status.NOT_DISCLOSED: "Not disclosed",
    Status.INSUFFICIENT_EVIDENCE: "Insufficient evidence",
    Status.UNREADABLE: "Unreadable",
}

KPIS = {
    "scope1": "Scope 1",
    "scope2_location": "Scope 2, location-based",
    "scope2_market": "Scope 2, market-based",
    "scope2_unspecified": "Scope 2, method not stated",
    "scope3": "Scope 3",
    **{f"scope3_cat{n}": f"Scope 3, category {n}" for n in range(1, 16)},
    "scope1_2": "Scope 1 + 2",
    "total_ghg": "Total GHG emissions",
    "biogenic": "Biogenic emissions",
    "ghg_intensity": "GHG intensity",
    "energy_consumption": "Energy consumption",
    "renewable_energy": "Renewable energy",
    "renewable_electricity_share": "Renewable electricity",
    "water_withdrawal": "Water withdrawal",
    "waste_total": "Waste",
    "employees": "Employees",
    "women_in_management_share": "Women in management",
    "board_women_share": "Women on the board",
    "ltifr": "Lost-time injury rate (LTIFR)",
    "trir": "Recordable injury rate (TRIR)",
}

SHORT_KPIS = KPIS | {
    "scope2_location": "Scope 2 loc.",
    "scope2_market": "Scope 2 mkt.",
    "scope2_unspecified": "Scope 2",
    "energy_consumption": "Energy",
}

PRINTED_UNITS = {"tCO2e": "tCO₂e", "m3": "m³"}

CLAIMS = {
    "net_zero_target_year": "Net-zero target year",
    "sbti_status": "SBTi status",
    "interim_target": "Interim target",
    "assurance_level": "Assurance level",
    "assurance_provider": "Assurance provider",
    "tcfd_aligned": "Aligned with TCFD",
    "gri_used": "Uses GRI",
    "internal_carbon_price": "Internal carbon price",
    "renewable_target": "Renewable energy target",
    "base_year": "Base year",
}

FRAMEWORKS = {"TCFD": "TCFD", "IFRS_S2": "IFRS S2", "ESRS": "ESRS", "GRI": "GRI"}

HIGHLIGHTS = (
    "scope1",
    "scope2_location",
    "scope2_market",
    "scope2_unspecified",
    "scope3",
    "energy_consumption",
)

FLAGS = {
    "ocr": "Read by OCR",
    "ixbrl": "Tagged in the report (inline XBRL)",
    "contradicts_print": "Its tag and the print around it differ",
    "documents_ok": "Another document says the same",
    "documents_differ": "Another document says otherwise",
}
_NO_DOUBT = frozenset({"ixbrl"})


def readable(key: str, names: dict[str, str]) -> str:
    """Name a key, or spell it out: `share_of_x` becomes "Share of x", a code like WA stays as it is."""
    return names.get(key) or (key if key.isupper() else key.replace("_", " ").strip().capitalize())


def company(scorecard: Scorecard) -> str:
    return scorecard.document.identity.company or "Unknown company"


def year(scorecard: Scorecard) -> str:
    found = scorecard.document.identity.year
    return "year unknown" if found is None else str(found)


def place(scorecard: Scorecard, evidence: Evidence) -> str:
    """Say where a quote stands: "p. 12", and of several documents in which."""
    number = document_number(scorecard, evidence)
    return f"doc. {number}, p. {evidence.page}" if number else f"p. {evidence.page}"


def document_number(scorecard: Scorecard, evidence: Evidence) -> int:
    """The place of a quote's document among several, from 1; 0 where there is one document only."""
    ids = [document.id for document in scorecard.documents]
    return ids.index(evidence.document_id) + 1 if evidence.document_id in ids else 0


def subject(told: Contradiction) -> str:
    """Name what documents contradict each other in: "Scope 1, 2023", "Base year"."""
    name = KPIS.get(told.about) or readable(told.about, CLAIMS)
    return f"{name}, {told.fiscal_year}" if told.fiscal_year else name


def statement(one: Statement) -> str:
    return one.value if isinstance(one.value, str) else quantity(one.value, one.unit)


def hidden_text(document: Document) -> str:
    """Tell what of a file no reader of its pages sees; "" where there is nothing."""
    if not document.hidden:
        return ""
    pages = [str(hidden.page) for hidden in document.hidden]
    listed = ", ".join(pages[:MOST_PAGES]) + (" …" if len(pages) > MOST_PAGES else "")
    letters = sum(hidden.letters for hidden in document.hidden)
    return f"{letters:,} letters that no reader of the pages sees (p. {listed}) were not read"


def is_judged(theme: ThemeScore) -> bool:
    """Whether the level means anything: a page without letters and a language without cues say nothing."""
    return theme.status not in (Status.UNREADABLE, Status.INSUFFICIENT_EVIDENCE) or theme.confidence > 0


def has_grade(scorecard: Scorecard) -> bool:
    """Whether the grade means anything: silence and not having been read are two things."""
    return any(map(is_judged, scorecard.themes)) or not scorecard.themes


def number(value: float) -> str:
    """Group thousands and keep what matters: 12,480 · 31.4 · 0.0021."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    text = f"{value:.4g}" if abs(value) < 1 else f"{value:.2f}"
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def quantity(value: float, unit: str) -> str:
    return f"{number(value)} {PRINTED_UNITS.get(unit, unit)}".rstrip()


def warnings(kpi: Kpi) -> list[str]:
    """The flags that ask for a second look; a check that held is flagged too, as `…_ok`."""
    return [flag for flag in kpi.flags if not flag.endswith("_ok") and flag not in _NO_DOUBT]


def percent(share: float) -> str:
    return f"{share * 100:.0f}%"


def latest(scorecard: Scorecard, key: str) -> Kpi | None:
    """The KPI's value of the report's own year, else its newest; among equals the first, as listed."""
    own = scorecard.document.identity.year
    found = [kpi for kpi in scorecard.kpis if kpi.kpi == key]
    return max(found, key=lambda kpi: (kpi.fiscal_year == own, kpi.fiscal_year or 0), default=None)
