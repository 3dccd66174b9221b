"""The judge over the true watsonx.ai: `make test-cloud`."""

import pytest

from esg.resources import open_watsonx
from esg.settings import Settings
from tests.cloud import record


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"), watsonx_day_budget_usd=0.5)


def test_the_model_answers_in_the_form_asked_and_finds_what_stands_in_two_sentences(
    settings: Settings,
) -> None:
    judgement = record.judge(open_watsonx(settings))

    met, planned = judgement.verdicts
    assert judgement.by.judge.startswith("watsonx:")
    assert met.met
    assert not planned.met


def test_an_order_in_a_passage_changes_nothing(settings: Settings) -> None:
    session = open_watsonx(settings)

    assert record.judge(session, record.ORDER).verdicts == record.judge(session).verdicts
