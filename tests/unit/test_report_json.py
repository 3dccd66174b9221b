"""scorecard ↔ JSON: stable to the byte, and read back as it was written."""

import json
from dataclasses import replace

import pytest

from esg.domain import Overall, Proposals
from esg.report import canonical_json, from_dict, to_dict, validate
from tests.fakes.scorecards import scorecard


def test_json_is_utf8_with_two_spaces_and_a_last_newline() -> None:
    written = canonical_json(scorecard("Émile & Søn – 株式会社"))
    assert written.endswith(b"}\n")
    assert written.startswith(b'{\n  "schema": "esg.scorecard/1",\n  "document": {\n    "id"')
    assert "Émile & Søn – 株式会社" in written.decode()


def test_json_reads_back_as_it_was_written() -> None:
    written = canonical_json(scorecard())
    again = from_dict(json.loads(written))
    assert canonical_json(again) == written
    assert from_dict(to_dict(again)) == again


def test_noise_in_the_last_digits_changes_no_byte() -> None:
    card = scorecard()
    noisy = replace(card, overall=replace(card.overall, score=card.overall.score + 1e-12))
    noisy = replace(noisy, kpis=tuple(replace(k, value=k.value * (1 + 1e-15)) for k in card.kpis))
    assert canonical_json(noisy) == canonical_json(card)


def test_numbers_lie_on_the_stated_grid() -> None:
    data = to_dict(scorecard())
    assert data["overall"]["score"] == 2.14
    assert data["evidence"][0]["boxes"][0] == [56.7, 210.13, 410.5, 222.4]
    assert data["kpis"][3]["value"] == 4020.0
    assert next(e["retrieval"] for e in data["evidence"] if e["retrieval"])["dense"] == 0.612346


def test_minus_zero_is_zero() -> None:
    card = replace(scorecard(), overall=Overall(score=-0.0, grade="Nascent", confidence=-0.001))
    assert b"-0.0" not in canonical_json(card)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_refused(number: float) -> None:
    card = scorecard()
    with pytest.raises(ValueError, match="a scorecard holds no"):
        canonical_json(replace(card, kpis=(replace(card.kpis[0], value=number),)))


def test_a_figure_from_a_table_has_no_retrieval() -> None:
    written = {e["quote"]: e["retrieval"] for e in to_dict(scorecard())["evidence"]}
    assert written["Scope 1\t12,480\t13,120\ttCO2e"] is None


def test_who_judged_and_what_was_proposed_is_written_where_a_model_was_asked() -> None:
    plain = scorecard()
    asked = replace(plain, proposals=Proposals(kept=3, not_verbatim=1))
    fell = replace(plain, judge_note="m was asked, but it did not answer; local-1 judged the whole document.")

    for card in (plain, asked, fell):
        validate(to_dict(card))
        assert from_dict(to_dict(card)).proposals == card.proposals
        assert from_dict(to_dict(card)).judge_note == card.judge_note
    assert list(to_dict(plain)["pipeline"]) == ["version", "embedder", "judge"]
    assert to_dict(asked)["pipeline"]["proposals"]["not_verbatim"] == 1
    assert to_dict(fell)["pipeline"]["judge_note"] == fell.judge_note
