"""Stand-ins for what a person does or watches."""

from skillsaid_desktop.errors import Cancelled


class RecordingProgress:
    """Keeps what was reported; cancels once `cancel_at` steps are done."""

    def __init__(self, *, cancel_at: int | None = None) -> None:
        self.reports: list[tuple[int, int, str]] = []
        self.cancel_at = cancel_at

    def report(self, done: int, total: int, text: str) -> None:
        """Keep the report, or stop the work."""
        self.reports.append((done, total, text))
        if self.cancel_at is not None and done >= self.cancel_at:
            raise Cancelled
