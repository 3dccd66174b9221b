"""Tools that read: companies, scorecards, levels, quotes, search. None of them changes anything."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Annotated

from mcp_types import CallToolResult, ContentBlock, ImageContent, TextContent
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api import company_cards, passages, schemas
from api.deps import House
from api.drawing import drawn
from api.mcp import answers, lookup
from api.mcp.desk import AnyContext, Desk
from api.problems import Problem
from esg.domain import LONGEST_QUESTION, MOST_PASSAGES, Evidence, Scorecard
from esg.report.view import EvidenceView, ScorecardView, ThemeView, view
from esg.state import KeyScope, Wanted

MOST_COMPARED = 12
MOST_QUOTES = 50
MOST_PICTURES = 4  # each is some hundred kilobytes
LIMIT = Field(ge=1, le=200, description="At most so many.")

DocumentId = Annotated[
    schemas.DocumentName | None, Field(description="SHA-256 of the report's file; or give company.")
]
CompanyName = Annotated[schemas.Company | None, Field(description="Name or slug; or give document_id.")]
Year = Annotated[schemas.Year | None, Field(description="The report's year; the newest where none is given.")]
CODE = Field(max_length=20, description="TSP, OSP, DM, GHG, RD, EI or RMM.")
EvidenceIds = Annotated[
    list[Annotated[str, Field(pattern="^[0-9a-f]{16}$")]] | None,
    Field(max_length=MOST_QUOTES, description="Ids that another answer names; else give theme, or neither."),
]
Pictures = Annotated[
    int, Field(ge=0, le=MOST_PICTURES, description="Show so many of the quotes where they stand, as images.")
]


class Reading:
    """What a key with the scope `read` may call."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def list_companies(
        self,
        context: AnyContext,
        name: Annotated[str, Field(max_length=200, description="Part of the name; empty lists all.")] = "",
        limit: Annotated[int, LIMIT] = 50,
    ) -> answers.CompaniesAnswer:
        """List the companies whose reports were read, each with its slug and the years there are.

        Begin here when you do not know what is there. A company that is missing is read by score_report.
        """
        house = self._house(context)
        found = [c for c in house.state.companies() if name.casefold() in c.name.casefold()]
        shown = [schemas.CompanyRecord.model_validate(c) for c in found[:limit]]
        return answers.CompaniesAnswer(companies=shown, left=len(found) - len(shown))

    def get_scorecard(
        self,
        context: AnyContext,
        document_id: DocumentId = None,
        company: CompanyName = None,
        year: Year = None,
        detail: Annotated[
            answers.Detail, Field(description="full adds the whole scorecard with all quotes: long.")
        ] = "summary",
    ) -> answers.ScorecardAnswer:
        """Get the scorecard of a report, or of a company's year over all its documents.

        It has the maturity level (0 to 4) of seven themes, key figures, claims and what of TCFD, IFRS S2,
        ESRS and GRI is disclosed. Every level and figure names the ids of its quotes: read them with
        get_evidence before you state them.
        """
        found = lookup.scorecard(self._house(context), document_id, company, year)
        return answers.ScorecardAnswer.of(found, is_whole=detail == "full")

    async def get_evidence(
        self,
        context: AnyContext,
        document_id: DocumentId = None,
        company: CompanyName = None,
        year: Year = None,
        evidence_ids: EvidenceIds = None,
        theme: Annotated[str | None, CODE] = None,
        limit: Annotated[int, Field(ge=1, le=MOST_QUOTES, description="At most so many.")] = 20,
        pictures: Pictures = 0,
    ) -> Annotated[CallToolResult, answers.EvidenceAnswer]:
        """Get verbatim quotes with their pages: some by id, those of a theme, or all of a scorecard.

        A quote is the exact text of the page at [start, end), checked by the engine. Cite it with its id and
        page, unchanged.
        """
        house = await run_in_threadpool(self._house, context)
        scored = await run_in_threadpool(lookup.scorecard, house, document_id, company, year)
        found = await run_in_threadpool(_chosen, house, scored, evidence_ids, theme)
        shown = found[:limit]
        answer = answers.EvidenceAnswer(
            report=answers.Report.of(scored),
            evidence=[answers.Quote.of(e.evidence, (words for words, _ in e.cited_by)) for e in shown],
            left=len(found) - len(shown),
        )
        return await _with_pictures(answer, house, shown[:pictures])

    def explain_level(
        self,
        context: AnyContext,
        theme: Annotated[str, CODE],
        document_id: DocumentId = None,
        company: CompanyName = None,
        year: Year = None,
        level: Annotated[
            int | None, Field(ge=1, le=4, description="Why not this one; the next one where none is given.")
        ] = None,
    ) -> answers.Explanation:
        """Explain why a theme has its level, by the criteria of the rubric, and what would raise it."""
        house = self._house(context)
        scored = lookup.scorecard(house, document_id, company, year)
        shown = _theme(view(scored, house.shelf.rubric(scored)), theme)
        return answers.Explanation.of(scored, shown, level or min(shown.level + 1, 4))

    def compare_companies(
        self,
        context: AnyContext,
        companies: Annotated[
            list[schemas.Company],
            Field(min_length=2, max_length=MOST_COMPARED, description="Names or slugs."),
        ],
        year: Year = None,
    ) -> answers.ComparisonAnswer:
        """Put companies side by side: levels by theme and key figures with their units.

        The years of the columns may differ where none is given: `report.year` tells them. The ids in a
        column are of that column's report.
        """
        house = self._house(context)
        known = house.state.companies()
        found = [lookup.named(known, name) for name in companies]
        return answers.ComparisonAnswer.of(
            [(one, company_cards.find(house, one.slug, year).parsed(house)) for one in found]
        )

    def search_evidence(
        self,
        context: AnyContext,
        query: Annotated[
            str,
            Field(min_length=1, max_length=LONGEST_QUESTION, pattern=r"\S", description="What to look for."),
        ],
        company: Annotated[schemas.Company | None, Field(description="Only its reports.")] = None,
        year: Annotated[schemas.Year | None, Field(description="Only reports of this year.")] = None,
        document_id: Annotated[schemas.DocumentName | None, Field(description="Only this report.")] = None,
        k: Annotated[int, Field(ge=1, le=MOST_PASSAGES, description="How many passages.")] = 8,
        careful: Annotated[
            bool, Field(description="Look at single sentences, too: finds more, takes seconds.")
        ] = False,
    ) -> answers.SearchAnswer:
        """Find passages in all reports by words and by meaning, best first, each with its pages.

        Use it for what no criterion, figure or claim of a scorecard covers. A passage is page text, but no
        verdict: it may speak of a plan, a peer or a year gone by. Read it before you use it.
        """
        house = self._house(context)
        searched = passages.within(house, Wanted(company=company, year=year), document_id)
        hits = passages.find(house, query, searched, k=k, careful=careful)
        found = [schemas.Found.of(hit, searched.records.get(hit.chunk.document_id)) for hit in hits]
        return answers.SearchAnswer(query=query, results=found)

    def _house(self, context: AnyContext) -> House:
        return self._desk.admit(context, KeyScope.READ).house


def _theme(shown: ScorecardView, code: str) -> ThemeView:
    found = next((theme for theme in shown.themes if theme.code.casefold() == code.casefold()), None)
    if found is None:
        codes = ", ".join(theme.code for theme in shown.themes)
        raise Problem(
            404, f"There is no theme {code!r}.", code="no_such_theme", next_step=f"Its themes: {codes}."
        )
    return found


def _chosen(
    house: House, scored: Scorecard, ids: Sequence[str] | None, theme: str | None
) -> list[EvidenceView]:
    """The quotes that are meant, in the order of the pages; raises a Problem for ids that are not there."""
    shown = view(scored, house.shelf.rubric(scored))
    if ids is None and theme is None:
        return list(shown.evidence)
    wanted = set(ids or ()) | ({e.id for e in _theme(shown, theme).evidence} if theme else set())
    missing = wanted - shown.cited.keys()
    if missing:
        raise Problem(
            404,
            f"The scorecard has no evidence {', '.join(sorted(missing))}.",
            code="no_such_evidence",
            next_step="Ids are of one scorecard: name the document or the company whose answer held them.",
        )
    return [e for e in shown.evidence if e.evidence.id in wanted]


async def _with_pictures(
    answer: answers.EvidenceAnswer, house: House, shown: Sequence[EvidenceView]
) -> CallToolResult:
    text = TextContent(type="text", text=answer.model_dump_json(indent=2))
    content: list[ContentBlock] = [text, *[await _picture(house, one.evidence) for one in shown]]
    return CallToolResult(content=content, structured_content=answer.model_dump(mode="json"))


async def _picture(house: House, evidence: Evidence) -> ImageContent:
    png = await drawn(house, evidence.document_id, evidence.page, evidence, is_crop=True)
    return ImageContent(type="image", data=b64encode(png).decode(), mime_type="image/png")
