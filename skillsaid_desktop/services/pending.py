"""待处理: imported rows that wait for an answer or were refused; each can be mended and stored, or dropped with a reason."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from skillsaid_desktop.clock import now, today
from skillsaid_desktop.domain.entities import PendingRow
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers.layout import EXTRA
from skillsaid_desktop.ledgers import Ledger, ledger_named
from skillsaid_desktop.ledgers.ledger import IntakeContext, Outcome, PlannedRow, issue_at
from skillsaid_desktop.ledgers.listing import refuse
from skillsaid_desktop.ledgers.questions import keep_questions
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.record import Place, parse_record
from skillsaid_desktop.services.extra_columns import keep_extra_facts
from skillsaid_desktop.services.row_origins import Origin, Origins
from skillsaid_desktop.storage.ledger_file import LedgerFile
from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

_UNFINISHED = (Outcome.WAITING, Outcome.INVALID)
NUMBERS_OF_PEOPLE = frozenset({"document_number", "registration_number", "student_number", "number_tail"})
"""Cells that say whom a row is about; nothing is read in them once a person has been chosen by hand."""


@dataclass(frozen=True)
class Pending:
    """One row of 待处理: where it stood, what stood there, and why it was not stored."""

    id: int
    ledger: str
    file: str
    sheet: str
    row: int
    outcome: str
    who: str
    cells: dict[str, str]
    issues: tuple[Issue, ...]
    received_at: datetime

    @property
    def reason(self) -> str:
        """Return why it was not stored, in one line."""
        stopping = [each.message for each in self.issues if each.waits or each.severity is Severity.BLOCK]
        return "；".join(stopping or [each.message for each in self.issues])

    def as_json(self) -> dict[str, Any]:
        """Return the row as the terminal prints it."""
        return {
            "id": self.id, "kind": self.ledger, "file": self.file, "sheet": self.sheet, "row": self.row,
            "outcome": self.outcome, "who": self.who, "cells": self.cells,
            "issues": [
                {"severity": each.severity.value, "code": each.code, "column": each.column, "message": each.message}
                for each in self.issues
            ],
        }  # fmt: skip


def list_pending(reading: Reading, ledger: str | None = None) -> list[Pending]:
    """Return the rows that wait, newest file first, in the order of their rows."""
    where, parameters = (" AND ledger = ?", (ledger,)) if ledger else ("", ())
    rows = reading.rows(
        "SELECT id, ledger, file, sheet, row, outcome, who, cells, issues, received_at FROM pending_row"
        f" WHERE resolved_at IS NULL{where} ORDER BY received_at DESC, file, sheet, row",
        parameters,
    )
    return [_pending(row) for row in rows]


def count_pending(reading: Reading) -> int:
    """Return how many rows wait."""
    return int(reading.scalar("SELECT count(*) FROM pending_row WHERE resolved_at IS NULL"))


def answer_pending(
    ledger_file: LedgerFile,
    pending_id: int,
    values: Mapping[str, str],
    *,
    student_id: int | None = None,
    correction: str = "",
    is_confirmed: bool = False,
) -> PlannedRow:
    """Store a waiting row with these cells instead of those that stood there.

    `student_id` says whom the row is about, whatever numbers stand in it; `is_confirmed` answers its question with
    yes (the same person with a corrected number; 证件号待核); `correction` is the reason for a closed month.
    Raises UserError if the row still can not be stored.
    """
    with ledger_file.reading() as reading:
        pending = pending_row(reading, pending_id)
    with ledger_file.operation(f"处理待处理：{pending.who or '一行'}", source=pending.file) as uow:
        ledger = ledger_named(pending.ledger)
        planned, context = _plan(uow, pending, ledger, values, student_id, correction, is_confirmed)
        refuse(planned)
        ledger.store(uow, [planned], context)
        extras = {name[len(EXTRA) :]: text for name, text in pending.cells.items() if name.startswith(EXTRA)}
        if extras and planned.record_id:
            keep_extra_facts(uow, ledger.entity, {planned.record_id: extras}, pending.file)
        keep_questions(uow, ledger, [planned])
        resolve_pending(uow, [pending_id], "stored")
        if ledger.name == "students":
            settle_answered(uow)
    return planned


def try_answer(
    reading: Reading,
    pending_id: int,
    values: Mapping[str, str],
    *,
    student_id: int | None = None,
    correction: str = "",
    is_confirmed: bool = False,
) -> PlannedRow:
    """Say what storing a waiting row with these cells would do; writes nothing."""
    pending = pending_row(reading, pending_id)
    ledger = ledger_named(pending.ledger)
    return _plan(reading, pending, ledger, values, student_id, correction, is_confirmed)[0]


def drop_pending(ledger_file: LedgerFile, pending_ids: Sequence[int], reason: str) -> int:
    """Take rows off the list without storing them; the reason is kept. Return the operation's id."""
    if not reason.strip():
        raise UserError("请写一下为什么不要这一行。", "例如：已按证件另行登记。")
    with ledger_file.operation(f"不要 {len(pending_ids)} 行") as uow:
        resolve_pending(uow, pending_ids, f"dropped：{reason.strip()}")
        uow.log_note(reason.strip())
    return uow.operation_id


def keep_pending(
    uow: UnitOfWork,
    ledger: Ledger,
    planned: Sequence[PlannedRow],
    context: IntakeContext,
    origins: Origins | None = None,
) -> None:
    """Keep the rows of an import that wait or are refused, each once; an older one of the same person gives way.

    `origins` says from which rows of the list the rows of a problem sheet came: those are settled, or stay
    where they are with what they say now.
    """
    settled = _settle_origins(uow, ledger, planned, origins) if origins else set()
    unfinished = [
        each
        for each in planned
        if each.outcome in _UNFINISHED
        and each.record.place.row
        and (each.record.place.sheet, each.record.place.row) not in settled
    ]
    if not unfinished:
        return
    known = {
        (sheet, row)
        for sheet, row in uow.rows(
            "SELECT sheet, row FROM pending_row WHERE ledger = ? AND file_digest = ?",
            (ledger.name, context.digest),
        )
    }
    new = [each for each in unfinished if (each.record.place.sheet, each.record.place.row) not in known]
    if not new:
        return
    if ledger.name == "students":
        numbers = {each.record.raw.get("document_number") for each in new} - {None}
        older = uow.rows(
            "SELECT id, json_extract(cells, '$.document_number') FROM pending_row"
            " WHERE ledger = 'students' AND resolved_at IS NULL"
        )
        resolve_pending(uow, [row_id for row_id, number in older if number in numbers], "replaced")
    at = now()
    uow.insert_many(
        PendingRow,
        [
            {
                "ledger": ledger.name, "file": context.source, "file_digest": context.digest,
                "sheet": each.record.place.sheet, "row": each.record.place.row, "outcome": each.outcome.value,
                "who": each.who, "cells": _cells(each, context), "issues": [_issue_json(one) for one in each.issues],
                "received_at": at,
            }
            for each in new
        ],
    )  # fmt: skip


def mended_rows(reading: Reading, ledger: Ledger, origins: Origins) -> frozenset[tuple[str, int]]:
    """Return the rows of a problem sheet, by sheet and row, whose origin still waits."""
    if not origins:
        return frozenset()
    waiting = _waiting(reading, ledger)
    return frozenset(place for place, each in origins.items() if any(one in waiting for one in each))


def _settle_origins(
    uow: UnitOfWork, ledger: Ledger, planned: Sequence[PlannedRow], origins: Origins
) -> set[tuple[str, int]]:
    """Take the rows off the list whose mended rows are stored; return those that wait on in their old place."""
    waiting = _waiting(uow, ledger)
    stored: list[int] = []
    changed: list[dict[str, Any]] = []
    kept: set[tuple[str, int]] = set()
    for each in planned:
        place = (each.record.place.sheet, each.record.place.row or 0)
        ids = [waiting[one] for one in origins.get(place, ()) if one in waiting]
        if not ids:
            continue
        if each.outcome not in _UNFINISHED:
            stored += ids
            continue
        kept.add(place)
        before = pending_row(uow, ids[0])
        cells = {**before.cells, **each.record.raw}
        issues = [_issue_json(one) for one in each.issues]
        if cells != before.cells or [one.message for one in each.issues] != [
            one.message for one in before.issues
        ]:
            changed.append(
                {
                    "id": ids[0], "outcome": each.outcome.value, "who": each.who, "cells": cells,
                    "issues": issues,
                }
            )  # fmt: skip
    resolve_pending(uow, stored, "stored")
    uow.update_many(PendingRow, changed)
    return kept


def _waiting(reading: Reading, ledger: Ledger) -> dict[Origin, int]:
    return {
        (file, sheet, row): row_id
        for row_id, file, sheet, row in reading.rows(
            "SELECT id, file, sheet, row FROM pending_row WHERE ledger = ? AND resolved_at IS NULL ORDER BY id",
            (ledger.name,),
        )
    }


def skip_answered(reading: Reading, ledger: Ledger, digest: str, planned: Sequence[PlannedRow]) -> None:
    """Count a row that waited and was answered or dropped as unchanged, when its file comes again."""
    answered = {
        (sheet, row): resolution
        for sheet, row, resolution in reading.rows(
            "SELECT sheet, row, resolution FROM pending_row"
            " WHERE ledger = ? AND file_digest = ? AND resolved_at IS NOT NULL AND resolution != 'replaced'",
            (ledger.name, digest),
        )
    }
    if not answered:
        return
    for each in planned:
        place = each.record.place
        if each.outcome in _UNFINISHED and (place.sheet, place.row) in answered:
            each.outcome = Outcome.UNCHANGED
            each.issues.append(
                issue_at(each.record, Severity.HINT, "answered", f"{each.who}：这一行以前已经处理过")
            )


def settle_answered(uow: UnitOfWork) -> None:
    """Take rows off the list whose student is in the ledger by now, under this number or this 学籍号."""
    rows = uow.rows(
        "SELECT p.id FROM pending_row p WHERE p.ledger = 'students' AND p.resolved_at IS NULL AND ("
        " EXISTS (SELECT 1 FROM student s WHERE s.registration_number ="
        " json_extract(p.cells, '$.registration_number')) AND p.outcome = 'invalid'"
        " OR EXISTS (SELECT 1 FROM student s WHERE s.document_number = json_extract(p.cells, '$.document_number')"
        " AND s.registration_number = json_extract(p.cells, '$.registration_number')))"
    )
    resolve_pending(uow, [row[0] for row in rows], "stored")


def _plan(
    reading: Reading,
    pending: Pending,
    ledger: Ledger,
    values: Mapping[str, str],
    student_id: int | None,
    correction: str,
    is_confirmed: bool,
) -> tuple[PlannedRow, IntakeContext]:
    cells = {**pending.cells, **values}
    if student_id is not None:
        cells = {name: text for name, text in cells.items() if name not in NUMBERS_OF_PEOPLE}
    as_of = cells.pop("as_of", "") or today().isoformat()
    place = (pending.sheet, pending.row)
    context = IntakeContext(
        as_of=date.fromisoformat(as_of),
        source=pending.file,
        correction=correction,
        accepted=frozenset({place}) if is_confirmed else frozenset(),
        mended=frozenset({place}),
    )
    fields = [each for each in ledger.importable if each.name in cells]
    record = parse_record(
        fields, cells, reading.policy.words(context.as_of), pending.file, pending.sheet, pending.row
    )
    record.place = Place(pending.file, pending.sheet, pending.row)
    if student_id is not None:
        record.values["student_id"] = student_id
    return ledger.plan(reading, [record], context)[0], context


def _cells(planned: PlannedRow, context: IntakeContext) -> dict[str, str]:
    """Return the texts of a row, with what the lines around its table said of it."""
    facts = context.facts(planned.record)
    around = {"month": facts.month, "class_name": facts.class_name, "noted_by": facts.noted_by}
    said = {name: text for name, text in around.items() if text and name in planned.record.values}
    said |= {name: text for name, text in around.items() if text and context.sheets and facts.noted_by}
    return {"as_of": context.as_of.isoformat(), **said, **planned.record.raw}


def _issue_json(issue: Issue) -> dict[str, Any]:
    return {
        "severity": issue.severity.value, "code": issue.code, "column": issue.column, "message": issue.message,
        "waits": issue.waits,
    }  # fmt: skip


def resolve_pending(uow: UnitOfWork, pending_ids: Sequence[int], resolution: str) -> None:
    """Take rows off the list: stored, replaced (a newer row of the same), or dropped with its reason."""
    at = now()
    uow.update_many(
        PendingRow, [{"id": one, "resolved_at": at, "resolution": resolution} for one in pending_ids]
    )


def pending_row(reading: Reading, pending_id: int) -> Pending:
    """Return a row that waits, or raise UserError if it has been dealt with."""
    rows = reading.rows(
        "SELECT id, ledger, file, sheet, row, outcome, who, cells, issues, received_at FROM pending_row"
        " WHERE id = ? AND resolved_at IS NULL",
        (pending_id,),
    )
    if not rows:
        raise UserError("这一行已经处理过了。", "请刷新待处理。")
    return _pending(rows[0])


def _pending(row: tuple[Any, ...]) -> Pending:
    place = Issue(severity=Severity.HINT, code="", message="", file=row[2], sheet=row[3], row=row[4])
    issues = tuple(
        replace(
            place, severity=Severity(each["severity"]), code=each["code"], column=each.get("column", ""),
            message=each["message"], waits=bool(each.get("waits")),
        )
        for each in json.loads(row[8])
    )  # fmt: skip
    (pending_id, ledger, file, sheet, number, outcome, who) = row[:7]
    return Pending(
        pending_id, ledger, file, sheet, number, outcome, who, json.loads(row[7]), issues,
        datetime.fromisoformat(row[9]),
    )  # fmt: skip
