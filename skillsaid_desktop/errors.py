"""The errors that a user can meet, worded for a school office."""


class UserError(Exception):
    """Expected trouble: what happened, that nothing is lost, and what to do next.

    `message` is one or two Chinese sentences, `hint` the next step; both are shown as they are.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}{self.hint}"


class Cancelled(Exception):
    """The user stopped a long piece of work; everything it did is rolled back."""
