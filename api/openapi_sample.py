"""The one report that the examples of the description are of, as nouns: Quernlow's, a sample of the tests.

Its scorecard is an excerpt of what the engine gives for it: of each theme the criteria that are met and the
first that is not, of each framework a line for each answer, and two of the figures.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files

from esg import report
from esg.domain import Chunk, ChunkKind, Hit, Retrieval, Span
from esg.state import Company, DocumentRecord, Job, slug

CARD = report.from_dict(json.loads(files("api").joinpath("openapi_scorecard.json").read_text("utf-8")))
FIGURE = next(kpi for kpi in CARD.kpis if kpi.kpi == "scope1")

SENT_AT = datetime(2025, 3, 14, 9, 30, tzinfo=UTC)
SCORED_AT = SENT_AT + timedelta(seconds=24.8)
NAME = CARD.document.source.partition(".")[0]
URL = f"https://quernlow.example/{CARD.document.source}"
REFUSED = f"ftp://quernlow.example/{CARD.document.source}"
QUESTION = "scope 1 emissions"

RECORD = DocumentRecord(
    document=CARD.document,
    state="scored",
    reason="",
    reason_code="",
    created_at=SENT_AT,
    updated_at=SCORED_AT,
)
COMPANY = Company(
    slug=slug(CARD.document.identity.company),
    name=CARD.document.identity.company,
    documents=1,
    years=(FIGURE.fiscal_year or SENT_AT.year,),
)

SCORED = Job(
    id="9b2c1f0e5d6a47c8b1f2a3d4c5e6f708",
    source=CARD.document.source,
    document_id=CARD.document.id,
    company=COMPANY.name,
    year=COMPANY.years[0],
    state="scored",
    stage="",
    reason="",
    reason_code="",
    pages=CARD.document.pages,
    chunks=43,
    chunks_embedded=43,
    eta_seconds=None,
    created_at=SENT_AT,
    finished_at=SCORED_AT,
    reused=False,
    rubric=f"{CARD.rubric_id}@{CARD.rubric_version}-1ad6bfa2",
)
EMBEDDING = replace(
    SCORED, state="running", stage="embed", chunks_embedded=32, eta_seconds=6.5, finished_at=None
)
CANCELLED = replace(SCORED, state="cancelled", chunks_embedded=32)
BY_URL = replace(SCORED, source=URL, document_id=None)

HIT = Hit(
    chunk=Chunk(
        id="90b44551e5fcf71d",
        document_id=CARD.document.id,
        spans=(Span(page=6, start=751, end=1351),),
        text="A first look at our carbon\n"
        "A student from the technical college spent the summer with us to find out how much carbon dioxide "
        "our ovens give off. She used the gas bills of four bakeries and a factor found on a government "
        "website. The result is a first estimate of our direct emissions (Scope 1) of approximately 4,100 "
        "tonnes CO2e for 2024.¹ The figure is rough and will change as we learn more.\n"
        "We have not worked out the emissions from the electricity we buy, nor those of our farmers, "
        "hauliers and customers. We hope to be able to say more in a future edition.\n"
        "What we paid for energy (in £ million)",
        tokens=133,
        section="Doing our bit > Energy and carbon > A first look at our carbon",
        kind=ChunkKind.PROSE,
    ),
    retrieval=Retrieval(dense=0.478257, lexical=7.569395, fused=0.032786885, rank=1),
)
