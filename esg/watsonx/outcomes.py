"""How an attempt may end besides an answer; whoever retries decides what follows."""


class Again(Exception):
    """It may work the next time; `outcome` is the label it is counted under.

    `may_be_billed` is whether the service may have done the work whose answer we did not get; `next_step` is
    what to do should it never work.
    """

    next_step = ""

    def __init__(
        self,
        message: str,
        *,
        outcome: str,
        after_seconds: float | None = None,
        may_be_billed: bool = False,
    ) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.after_seconds = after_seconds
        self.may_be_billed = may_be_billed


class TokenRefused(Exception):
    """The token is not valid, or not any more."""


class InvalidAnswer(Again):
    """The service answered, but not what was asked for."""

    def __init__(self, message: str, *, next_step: str = "") -> None:
        super().__init__(message, outcome="invalid", may_be_billed=True)
        self.next_step = next_step
