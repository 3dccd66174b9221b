"""A fleet of one, without a broker: do all open work of `ESG_HOME` with the tasks' own bodies, then end."""

import sys

from esg.errors import Rejected
from esg.resources import resources
from tasks.embed import embed_batch
from tasks.index import etl_compact, etl_expire, etl_gold, index_document
from tasks.ingest import ingest_document, ingest_source
from tasks.score import score_company, score_document

BODIES = {
    task.name: task.run
    for task in (
        *(ingest_source, ingest_document, embed_batch, index_document, score_document, score_company),
        *(etl_gold, etl_compact, etl_expire),
    )
}


def main(limit: int = 1000) -> None:
    """Do at most `limit` stage runs."""
    state = resources().state
    state.sweep()
    state.hint_everything()
    done = 0
    while done < limit:
        state.dispatch()
        hints = state.take_outbox()
        if not hints:
            return
        for hint in hints[: limit - done]:
            claimed = state.claim(hint.unit, owner="work_off")
            if claimed is None:
                continue
            done += 1
            try:
                state.complete(claimed, BODIES[claimed.task](**claimed.args))
            except Rejected as error:
                state.fail(claimed, error)
        state.mark_published(hints)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
