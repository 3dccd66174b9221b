"""What a worker tells of its tasks: twice a second, many events a message, none lost to a reconnection."""

from typing import Any

from esg.celery import Dispatcher
from workers.consumer import EVENTS_SECONDS, Consumer


class Timer:
    """A timer whose calls are made by hand."""

    def __init__(self) -> None:
        self.calls: list[tuple[float, Any]] = []

    def call_after(self, seconds: float, call: Any) -> None:
        self.calls.append((seconds, call))


class Told(Dispatcher):
    """A dispatcher without a connection: what it would publish is kept."""

    def __init__(self, on_send_buffered: Any = None) -> None:
        super().__init__(
            enabled=False, hostname="h", buffer_group=["task"], on_send_buffered=on_send_buffered
        )
        self.enabled = True
        self.messages: list[Any] = []

    def _publish(self, event: Any, *_: Any, **__: Any) -> None:
        self.messages.append(event)


def consumer() -> Any:
    """Only what events need of one: a whole one wants a broker."""
    made: Any = Consumer.__new__(Consumer)
    made.timer = Timer()
    made.event_dispatcher = Told(made.on_send_event_buffered)
    return made


def test_events_of_half_a_second_are_one_message() -> None:
    worker = consumer()
    dispatcher = worker.event_dispatcher

    for number in range(5):
        dispatcher.send("task-received", uuid=str(number))
    assert dispatcher.messages == []
    [(seconds, tell)] = worker.timer.calls
    tell()

    assert seconds == EVENTS_SECONDS
    assert [[event["uuid"] for event in told] for told in dispatcher.messages] == [list("01234")]


def test_a_timer_that_was_cleared_by_a_reconnection_is_set_again() -> None:
    worker = consumer()
    worker.event_dispatcher.send("task-received", uuid="1")
    worker.timer.calls.clear()

    worker._tells_at -= EVENTS_SECONDS
    worker.event_dispatcher.send("task-received", uuid="2")

    assert len(worker.timer.calls) == 1


def test_what_a_broken_connection_left_is_told_by_the_next() -> None:
    broken, fresh = Told(), Told()
    broken.send("task-received", uuid="1")

    fresh.extend_buffer(broken)
    fresh.flush()

    assert [[event["uuid"] for event in told] for told in fresh.messages] == [["1"]]
