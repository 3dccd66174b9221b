"""What an error may say, wherever it is told: in an answer, a row, a page, on a terminal."""

import pickle

from esg import redact
from esg.errors import EsgError, Rejected, Transient
from esg.state.retry import classify

SECRET = "plain-known-value-72"  # of a form that nobody could tell for a secret
URL = "postgresql+psycopg://esg:Db-Pass.92@db:5432/esg"


def test_an_error_of_ours_holds_no_secret_that_a_setting_told_of() -> None:
    redact.conceal(SECRET, URL)
    told = Rejected(f"{URL} says that {SECRET} is wrong.", code="wrong", next_step="Check API_KEY: old.")

    for error in (told, pickle.loads(pickle.dumps(told))):
        assert (
            str(error) == f"postgresql+psycopg://esg:***@db:5432/esg says that *** is wrong. {told.next_step}"
        )
        assert SECRET not in repr(error.args)
    assert told.next_step == "Check API_KEY: old."


def test_what_a_name_stands_beside_stays_where_it_is_no_secret() -> None:
    assert str(EsgError("ESG_WATSONX_API_KEY: is missing")) == "ESG_WATSONX_API_KEY: is missing"


def test_what_is_written_down_of_a_failure_holds_none_either() -> None:
    redact.conceal(SECRET)
    for error in (ValueError(f"{SECRET} of {URL}"), Transient(f"{SECRET} of the server")):
        assert SECRET not in classify(error).message
        assert "Db-Pass.92" not in classify(error).message
