"""A new pipeline version takes over what an old one left: no job waits for workers that are gone."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.engine import Connection

from esg.state import documents, jobs, runs, stage_runs, submission
from esg.state.runs import RunState
from esg.state.schema import stage_runs as units


def take_over(tx: Connection, document_id: str, *, old_version: str, new_version: str, now: datetime) -> None:
    """Let every job that waits for a document under the old version wait for it under the new one."""
    documents.lock(tx, document_id)
    waiting = runs.running(tx, document_id, old_version)
    for job_id in [job for run in waiting for job in jobs.open_on(tx, run.id)]:
        request = replace(jobs.request(tx, job_id, document_id), force=False)
        submission.join(tx, request, document_id, pipeline_version=new_version, now=now)
    stage_runs.cancel(tx, units.c.subject == document_id, units.c.pipeline_version == old_version, now=now)
    runs.finish(
        tx,
        [run.id for run in waiting],
        RunState.CANCELLED,
        now=now,
        code="superseded",
        reason=f"Version {new_version} of the engine does it instead.",
    )
