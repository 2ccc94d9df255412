"""One field of one record, stored as one named step; used by the drawer's form and by cells of the table."""

from skillsaid_desktop.ledgers import listing
from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.ledgers.reported import MONTH_REPORTED
from skillsaid_desktop.schema import Field, Severity
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session


def write_field(session: Session, ledger: Ledger, record_id: int, field: Field, text: str, who: str) -> None:
    """Store a typed value, or raise UserError.

    A value that reaches into a closed month is stored with the reason that is asked for.
    """
    context = listing.form_context(record_id=record_id, as_of=session.as_of)
    with session.ledger_file.reading() as reading:
        planned = listing.plan_one(reading, ledger, {field.name: text}, context)
    stopping = [each for each in planned.issues if each.waits or each.severity is Severity.BLOCK]
    if stopping and all(each.code == MONTH_REPORTED for each in stopping):
        reason = session.prompts.ask_text(
            f"改{field.title} {who}".strip(), f"{stopping[0].message}。报出的数字不变。",
            label=tr("更正原因"), act=tr("存为更正"), safe=tr("先不改"),
        )  # fmt: skip
        context = listing.form_context(record_id=record_id, as_of=session.as_of, correction=reason or "")
    with session.ledger_file.operation(f"改{field.title} {who}".strip()) as uow:
        listing.write(uow, ledger, {field.name: text}, record_id, context)
