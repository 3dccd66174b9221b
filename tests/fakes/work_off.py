"""A fleet of one, without a broker: do all open work of `ESG_HOME` with the tasks' own bodies, then end."""

from esg.celery import app
from esg.errors import Rejected
from esg.resources import resources
from tasks.base import StageTask

app.loader.import_default_modules()
BODIES = {name: task.run for name, task in app.tasks.items() if isinstance(task, StageTask)}


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
