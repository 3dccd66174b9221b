"""scorecard://… and page://…: what a tool's answer points at, for a client to attach."""

from mcp.server.mcpserver import MCPServer
from starlette.concurrency import run_in_threadpool

from api import schemas
from api.deps import PageNumber
from api.drawing import drawn, quoted_on
from api.mcp.answers import NOTICE
from api.mcp.desk import AnyContext, Desk
from esg.state import KeyScope

SCORECARD = "scorecard://{document_id}"
PICTURE = "page://{document_id}/{number}.png{?evidence}"
TEXT = "page://{document_id}/{number}"


def add_resources(server: MCPServer, desk: Desk) -> None:
    """Add them; a picture before the text, since an address is read by the first that fits it."""

    @server.resource(SCORECARD, title="Scorecard", mime_type="application/json")
    def scorecard(document_id: schemas.DocumentName, context: AnyContext) -> str:
        """The newest scorecard of a report: the canonical JSON of `esg.scorecard/1`, all quotes in it."""
        house = desk.admit(context, KeyScope.READ).house
        return house.shelf.card_json(document_id).decode()

    @server.resource(PICTURE, title="Page, as it looks", mime_type="image/png")
    async def picture(
        document_id: schemas.DocumentName, number: PageNumber, context: AnyContext, evidence: str = ""
    ) -> bytes:
        """A page as an image; with `evidence` (an id) that quote is highlighted."""
        house = (await run_in_threadpool(desk.admit, context, KeyScope.READ)).house
        quoted = await run_in_threadpool(quoted_on, house, document_id, number, evidence)
        return await drawn(house, document_id, number, quoted, is_crop=False)

    @server.resource(TEXT, title="Page, as text", mime_type="text/plain")
    def text(document_id: schemas.DocumentName, number: PageNumber, context: AnyContext) -> str:
        """The text of a page, after a line that says what it is; quotes are pieces of it."""
        page = desk.admit(context, KeyScope.READ).house.shelf.page(document_id, number)
        return f"[Page {number} of document {document_id}. {NOTICE}]\n\n{page.text}"
