"""What happened to each document: SQL is the truth, the broker only carries hints (DESIGN §2).

`State.open(url, Policy(pipeline_version=…, rubric=…, lease_seconds=…, budget=Budget(…)))` is what everyone
uses. Every method is one transaction, takes and returns frozen values, and raises Transient when the database
does not answer.

    whose        seen_by(tenant) -> State: its own jobs and documents, and nothing of others · tenants()
    submitting   submit(source, *, company, year, document_id, job_id, rubric, force, trace) -> Job
                 submit_all([Request(…)]) -> [Job]                               many in one transaction
                 job(id) · jobs(limit, state) · cancel(id) -> Job · list_jobs(limit, Wanted(…))
                 notice(job_id) -> Notice | None                                 whom to tell of its end
                 find_jobs(ids) -> [Job]                                         in as many queries as one
    requests     begin_request(caller, key, fingerprint) -> Remembered · find_request(caller, key)
                 answer_request(caller, key, answer) -> the first answer         an Idempotency-Key, for a day
    reading      document(id) -> DocumentRecord · documents(company, year) · companies(wanted) -> [Company]
                 list_documents(limit, Wanted(state, company, year, since, until, after, is_over))
                 unscored(company, year) -> [DocumentRecord]                     never run in this version
                 company_years(company, year, rubric) -> [CompanyYear] · is_busy(company, year, rubric)
                 scorecard_key(document_id, rubric) -> str | None · scorecards(company) -> [ScorecardRecord]
    reviewing    review(Review) · reviews(document_id, limit) -> [ReviewRecord]
    register     import_companies(lines) -> Imported · registered() -> [RegisteredCompany]
                 unmatched() -> [DocumentRecord] · match(document_id, company) -> DocumentRecord
    sources      add_source(source, every_seconds) · remove_source(id) · source(id) · sources()
                 due_sources() · wake_source(id) · begin_scan(id) · finish_scan(id, error, at_least_seconds)
                 save_listing(id, listed) · unchecked_items(id, since) · check_item(item, checked)
                 source_items(id) · take_turn(host, seconds) -> seconds to wait · end_turn(host, seconds)
    working      claim(unit_id, owner, lease_seconds) -> Claimed | None          the task, its args, its epoch
                 heartbeat(claimed, lease_seconds) -> Fence                      PASSED, FENCED or CANCELLED
                 look(claimed) -> Fence                                          the same, nothing extended
                 complete(claimed, outcome) -> Fence                             one outcome per task, below
                 complete_and_take(claimed, outcome, limit) -> Fence, [Hint]     and dispatches, at once
                 fail(claimed, error) -> Retry | Quarantine | Fence              decided by retry.decide
                 release(claimed) -> Fence                                       given back, not counted
                 expire(unit_id, owner) -> bool                                  its holder was seen to die
                 enqueue(Unit(task, subject, args)) -> unit id                   tasks outside the flow
    dispatching  dispatch(depth) -> int: pending → queued + outbox · take_outbox(limit) -> [Hint]
                 mark_published(hints) · put_back(hints)                         the broker took them, or not
                 hint_everything() -> int                                        after a broker lost its data
                 sweep(now) -> SweepReport · forget(before, scorecards_before, is_dry_run) -> Forgotten
                 fire(schedule, slot, unit) -> bool · fired() -> {schedule: Fired}
    quarantine   dead_letters(limit, state) · dead_letter(id) · retry_dead_letter(id) · drop_dead_letter(id)
                 refuse_message(Refusal(…)) -> bool                              a message that is not done
    who asks     create_key(name, scopes, tenant, rate_per_minute) -> (ApiKey, text) · api_keys() · has_key()
                 key_holder(text) -> ApiKey | None · revoke_key(id)
    counting     stage_counts() · document_counts() · backlog() · oldest_seconds() · outbox_lag_seconds()
                 dead_letter_count()

The flow is opened by the state itself, not by the tasks:

    task             args                                outcome                              then due
    ingest.source    source, company, year               Sourced(document)                    ingest.document
    ingest.document  document_id, source, company, year  Ingested(document, chunks, batches)  embed.batch × n
    embed.batch      document_id, batch                  Embedded(chunks)                     index.document
    index.document   document_id                         Indexed()                            score.document
    score.document   document_id, rubric, tenant         Scored(key, overall, grade, sha256)  run and jobs end
    score.company    company, year, rubric, tenant       CompanyScored(company_years) or Later(s)    nothing
    any other        its own                             Done()                               nothing

score.company is opened by hand, and by score.document for a company and year with two documents or more.

company and year in args are what someone gave (None where nobody did); the rest is for ingest to read. By the
time of score.document, `document(id).document.identity` is who it is.
"""

from esg.register import slug
from esg.state.api_keys import ApiKey
from esg.state.api_keys import Scope as KeyScope
from esg.state.company_years import CompanyYear
from esg.state.dead_letters import DeadLetter
from esg.state.documents import Company, DocumentRecord
from esg.state.engine import open_engine
from esg.state.jobs import Job, Request
from esg.state.listing import Place, Wanted
from esg.state.migrate import upgrade
from esg.state.notices import Notice
from esg.state.outcomes import (
    CompanyScored,
    Done,
    Embedded,
    Indexed,
    Ingested,
    Later,
    Outcome,
    Scored,
    Sourced,
)
from esg.state.policy import QUEUES, Policy
from esg.state.refusals import Refusal
from esg.state.register import Imported
from esg.state.retention import Forgotten
from esg.state.retry import Budget, Decision, Quarantine, Retry
from esg.state.reviews import Kind, Review, ReviewRecord, Verdict, counting
from esg.state.rights import give_rights
from esg.state.schedule import Fired
from esg.state.scorecards import ScorecardRecord
from esg.state.service_times import DoneRun, ServiceTimes
from esg.state.sources import Checked, ItemRecord, SourceRecord
from esg.state.state import State
from esg.state.sweep import SweepReport
from esg.state.units import Claimed, Fence, Hint, Unit, UnitState, queue_of

__all__ = [
    "QUEUES",
    "ApiKey",
    "Budget",
    "Checked",
    "Claimed",
    "Company",
    "CompanyScored",
    "CompanyYear",
    "DeadLetter",
    "Decision",
    "DocumentRecord",
    "Done",
    "DoneRun",
    "Embedded",
    "Fence",
    "Fired",
    "Forgotten",
    "Hint",
    "Imported",
    "Indexed",
    "Ingested",
    "ItemRecord",
    "Job",
    "KeyScope",
    "Kind",
    "Later",
    "Notice",
    "Outcome",
    "Place",
    "Policy",
    "Quarantine",
    "Refusal",
    "Request",
    "Retry",
    "Review",
    "ReviewRecord",
    "ScorecardRecord",
    "Scored",
    "ServiceTimes",
    "SourceRecord",
    "Sourced",
    "State",
    "SweepReport",
    "Unit",
    "UnitState",
    "Verdict",
    "Wanted",
    "counting",
    "give_rights",
    "open_engine",
    "queue_of",
    "slug",
    "upgrade",
]
