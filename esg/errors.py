"""Three kinds of error, one base; each message says what to do next (DESIGN §2)."""

from esg.redact import mask_known


class EsgError(Exception):
    """Something the engine knows by name; str() is a sentence a person understands, without our secrets."""

    def __init__(self, message: str, *, next_step: str = "") -> None:
        message = mask_known(message)  # it may quote a server, or a URL with its password
        super().__init__(message, next_step)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way between processes, whatever keywords an error was made with."""
        return (_restored, (type(self), self.args, self.__dict__))


class Transient(EsgError):
    """It may work later: the task is retried with back-off, within its budget."""

    def __init__(
        self, message: str, *, next_step: str = "", retry_after_seconds: float | None = None
    ) -> None:
        super().__init__(message, next_step=next_step)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(Transient):
    """A server of our own does not answer: no document is to blame, so it is waited for."""


class BudgetSpent(Transient):
    """A budget of money is spent; `retry_after_seconds` is when a new one begins, None if never by itself."""


class Rejected(EsgError):
    """It will never work as it is: the document is quarantined at once, with `code` as the reason."""

    def __init__(self, message: str, *, code: str, next_step: str = "") -> None:
        super().__init__(message, next_step=next_step)
        self.code = code


class Misconfigured(EsgError):
    """A setting is missing or wrong; nothing was started."""


class NotFound(EsgError):
    """There is no such document, job, company or page."""


def _restored(kind: type[EsgError], args: tuple[str, ...], values: dict[str, object]) -> EsgError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(values)
    return error
