"""What a message of the fleet may be, by a table: which are opened, and why the others are not."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esg import envelope
from esg.envelope import CONTENT, SIGNATURE, Keys
from esg.errors import Rejected
from esg.settings import VISIBILITY_TIMEOUT_SECONDS
from tasks.queues import LIMITS
from workers import letterbox

TASKS = frozenset({"ingest.document", "control.sweep"})
KEY, OTHER = "k" * 43, "o" * 43
NO_KEYS = Keys()
NONE = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}


def sent(kwargs: dict[str, Any] | None = None, keys: Keys = NO_KEYS, **headers: Any) -> tuple[Any, bytes]:
    """A message as this release sends it, and what was changed on the way."""
    head: dict[str, Any] = {
        "task": "ingest.document",
        "id": "call-1",
        "retries": 0,
        "timelimit": [None, None],
    }
    said = {"source": "a.pdf"} if kwargs is None else kwargs
    envelope.seal(head, (), said, keys)
    return head | headers, json.dumps([[], said, NONE]).encode()


def code(headers: Any, body: Any, keys: Keys = NO_KEYS, content: Any = CONTENT) -> str:
    """Why a message is refused; "" where it is opened."""
    try:
        envelope.open_sealed(headers, body, content=content, tasks=TASKS, keys=keys)
    except Rejected as refusal:
        return refusal.code
    return ""


def test_a_message_cannot_give_a_task_longer_than_the_broker_waits() -> None:
    assert envelope.LONGEST_SECONDS * 2 == VISIBILITY_TIMEOUT_SECONDS
    assert all(hard <= envelope.LONGEST_SECONDS for _, hard in LIMITS.values())


def test_what_is_sent_is_opened() -> None:
    assert code(*sent()) == ""
    assert code(*sent({"unit": "0" * 32})) == ""
    assert code(*sent(expires="2026-11-27T20:00:00+00:00", later_header={"any": "thing"})) == ""


@pytest.mark.parametrize(
    "content",
    [
        ("application/x-python-serialize", "binary"),
        ("application/x-yaml", "utf-8"),
        ("application/x-msgpack", "binary"),
        ("application/data", "binary"),
        ("application/json", "utf-16"),
        (None, None),
    ],
)
def test_only_json_is_opened(content: Any) -> None:
    assert code(*sent(), content=content) == "message_not_json"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"not json", "message_not_json"),
        (b"[" * 9000, "message_not_json"),
        (b'"' + b"x" * envelope.LARGEST_BODY_BYTES + b'"', "message_too_large"),
        (b"{}", "message_malformed"),
        (b"[[], {}]", "message_malformed"),
        (b"[[], {}, {}, {}]", "message_malformed"),
        (b'[{}, {"source": "a"}, {}]', "message_malformed"),
        (b'[[], {"source": {"a": 1}}, {}]', "message_malformed"),
        (b'[[[["a"]]], {}, {}]', "message_malformed"),
        (b'[[], {"__type__": "datetime", "__value__": "now"}, {}]', "message_malformed"),
        (b'[[], {}, {"callbacks": [{"task": "control.sweep"}]}]', "message_malformed"),
        (b'[[], {}, {"errbacks": [{"task": "control.sweep"}]}]', "message_malformed"),
        (b'[[], {}, {"chain": [{"task": "control.sweep"}]}]', "message_malformed"),
        (b'[[], {}, {"chord": {"task": "control.sweep"}}]', "message_malformed"),
        (None, "message_not_json"),
    ],
)
def test_another_body_is_refused(body: Any, why: str) -> None:
    headers, _ = sent()

    assert code(headers, body) == why


@pytest.mark.parametrize(
    "headers",
    [
        {"task": None},
        {"task": ["ingest.document"]},
        {"task": "x" * 65},
        {"id": None},
        {"id": "x" * 65},
        {"id": "a b"},
        {"eta": "2030-01-01T00:00:00"},
        {"expires": ""},
        {"expires": "2030-01-01"},
        {"expires": "2030-01-01T00:00:00"},
        {"expires": "9999-99-99T00:00:00+00:00"},
        {"retries": 3},
        {"timelimit": [9e9, 9e9]},
        {"group": "g"},
        {"replaced_task_nesting": 1},
        {"stamped_headers": ["x"]},
        {"sent_at": ["now"]},
    ],
)
def test_what_celery_would_act_on_is_refused(headers: dict[str, Any]) -> None:
    assert code(*sent(**headers)) == "message_malformed"


@pytest.mark.parametrize("task", ["celery.map", "celery.backend_cleanup", "os.system", ""])
def test_only_tasks_of_the_fleet_are_opened(task: str) -> None:
    assert code(*sent(task=task)) == "message_unknown_task"
    assert code(*sent({"unit": "1"}, task=task)) == "hint_unknown_task"


def test_a_refusal_says_nothing_of_what_the_message_said() -> None:
    headers, _ = sent()
    with pytest.raises(Rejected) as refusal:
        envelope.open_sealed(
            headers, b'[[], {"key": {"a": "Zebraword"}}, {}]', content=CONTENT, tasks=TASKS, keys=Keys()
        )

    assert "Zebraword" not in str(refusal.value)


# -- signatures


def test_with_a_key_only_what_is_signed_with_it_is_opened() -> None:
    keys = Keys(KEY)

    assert code(*sent(keys=keys), keys) == ""
    assert code(*sent(), keys) == "message_unsigned"
    assert code(*sent(keys=Keys(OTHER)), keys) == "message_wrong_signature"
    assert code(*sent(keys=keys, **{SIGNATURE: "v1="}), keys) == "message_wrong_signature"
    assert code(*sent(keys=keys)) == "", "without a key signatures are nobody's business"


@pytest.mark.parametrize(
    "changed",
    [{"task": "control.sweep"}, {"id": "call-2"}, {"sent_at": 1.0}, {"expires": "2030-01-01T00:00:00+00:00"}],
)
def test_a_signature_holds_for_task_id_and_times(changed: dict[str, Any]) -> None:
    assert code(*sent(keys=Keys(KEY), **changed), Keys(KEY)) == "message_wrong_signature"


def test_a_signature_holds_for_the_arguments() -> None:
    headers, body = sent(keys=Keys(KEY))

    assert code(headers, body.replace(b"a.pdf", b"b.pdf"), Keys(KEY)) == "message_wrong_signature"
    assert code(headers, body.replace(b"[[]", b'[["x"]'), Keys(KEY)) == "message_wrong_signature"


def test_keys_change_without_a_message_lost() -> None:
    """Accept the one to come everywhere, then sign with it, then forget the old one."""
    before, first, second, after = Keys(KEY), Keys(KEY, OTHER), Keys(OTHER, KEY), Keys(OTHER)

    for one, next_one in ((before, first), (first, second), (second, after)):
        assert code(*sent(keys=one), next_one) == ""
        assert code(*sent(keys=next_one), one) == ""
    assert code(*sent(keys=before), after) == "message_wrong_signature"


@given(
    st.dictionaries(
        st.from_regex(r"\A[a-z][a-z0-9_]{0,9}\Z"),
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
        max_size=5,
    )
)
def test_a_signature_survives_the_wire(kwargs: dict[str, Any]) -> None:
    headers, body = sent(kwargs, Keys(KEY))
    travelled = json.loads(json.dumps(headers))

    assert code(travelled, json.dumps(json.loads(body), indent=1).encode(), Keys(KEY)) == ""


def test_a_payload_is_not_sent() -> None:
    with pytest.raises(Rejected, match="was not sent"):
        sent({"text": "x" * envelope.LARGEST_BYTES})


def test_a_submission_is_stamped_and_a_hint_is_not() -> None:
    assert "sent_at" in sent()[0]
    assert "sent_at" not in sent({"unit": "1"})[0]


# -- what is no message at all

WHOLE: dict[str, Any] = {
    "body": "W10=",
    "headers": {},
    "properties": {"body_encoding": "base64", "delivery_tag": "t", "delivery_info": {}},
}


def test_kombus_own_envelope_is_one() -> None:
    assert letterbox.is_envelope(WHOLE)
    assert letterbox.is_envelope(letterbox.enveloped("anything"))


@pytest.mark.parametrize(
    "message",
    [
        "text",
        [],
        None,
        {},
        WHOLE | {"headers": "x"},
        WHOLE | {"headers": {"task": ["x"]}},
        WHOLE | {"headers": {"compression": "zlib"}},
        WHOLE | {"body": 1},
        WHOLE | {"body": "!"},
        WHOLE | {"properties": {}},
        WHOLE | {"properties": {"delivery_tag": "t", "delivery_info": {}, "body_encoding": "rot13"}},
        WHOLE | {"properties": {"delivery_tag": ["t"], "delivery_info": {}}},
        WHOLE | {"properties": {"delivery_tag": "t", "delivery_info": "x"}},
    ],
)
def test_anything_else_is_none(message: Any) -> None:
    assert not letterbox.is_envelope(message)
