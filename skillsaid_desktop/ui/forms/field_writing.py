"""One field of one record, stored as one named step; used by the drawer's form and by cells of the table."""

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import listing
from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.schema import Field
from skillsaid_desktop.ui.session import Session


def write_field(session: Session, ledger: Ledger, record_id: int, field: Field, text: str, who: str) -> None:
    """Store a typed value, or raise UserError; what can't be read is refused, never stored as blank."""
    context = listing.form_context(record_id=record_id, as_of=session.as_of)
    with session.ledger_file.operation(f"改{field.title} {who}".strip()) as uow:
        if text:
            parsed = field.type.parse(text, uow.policy.words(session.as_of))
            if parsed.value is None:
                reasons = "；".join(finding.message for finding in parsed.findings)
                raise UserError(reasons or f"{field.title}“{text}”看不懂。", "这一格没有存，请改一下。")
        listing.write(uow, ledger, {field.name: text}, record_id, context)
