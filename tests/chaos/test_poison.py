"""A document whose task kills every worker that takes it is set aside; nothing else suffers."""

from tests.chaos.conftest import WriteReport
from tests.fakes.fleets import Fleet


def test_a_task_that_always_segfaults_is_quarantined_and_can_be_retried(
    fleet: Fleet, report: WriteReport
) -> None:
    """Three workers die over it, the others' documents are scored, and once cured it is scored too."""
    poison = report("poison")
    fault = fleet.inject("segfault", task="embed.batch", source=str(poison), times=99)

    poisoned, *others = [fleet.submit(path) for path in (poison, report("one"), report("two"))]
    fleet.until_scored(others)
    (failed,) = fleet.until_over([poisoned])

    assert (failed.state, failed.reason_code) == ("failed", "poison")
    assert len(fleet.victims(fault)) == 3
    (letter,) = fleet.state.dead_letters()
    assert (letter.task, letter.document_id, letter.reason_code) == (
        "embed.batch",
        failed.document_id,
        "poison",
    )

    (fault / "fault.json").unlink()
    fleet.state.retry_dead_letter(letter.id)
    (cured,) = fleet.until_scored([poisoned])
    assert fleet.count("scorecards", document_id=cured.document_id) == 1
    assert fleet.state.dead_letters() == []
