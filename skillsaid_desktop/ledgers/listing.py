"""Lists of any ledger, as ids and as rows: filter, search and sort run in SQL, never row by row in Python."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers.ledger import IntakeContext, Ledger, Outcome, PlannedRow, Searched, Through
from skillsaid_desktop.ledgers.questions import keep_questions
from skillsaid_desktop.schema import Field, Severity
from skillsaid_desktop.schema.record import missing_issues, read_values
from skillsaid_desktop.schema.types import Amount, Date, Flag, Number

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork


@dataclass(frozen=True)
class Among:
    """One of these values; None is blank."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class Between:
    """From one value to another, both included; an open end is None."""

    low: Any = None
    high: Any = None


@dataclass(frozen=True)
class Containing:
    """A text that contains this one."""

    text: str


Condition = Among | Between | Containing


@dataclass(frozen=True, kw_only=True)
class ListQuery:
    """What a table shows: as of a day, what was searched, the filters by field, the sort keys (field, descending).

    `only` narrows it to records named by id, such as those behind a number; `here_only` leaves out who is not here
    on that day (who has left, who has not entered yet), if the ledger knows of such.
    """

    as_of: date
    search: str = ""
    filters: Mapping[str, Condition] = field(default_factory=dict)
    sort: tuple[tuple[str, bool], ...] = ()
    only: tuple[int, ...] | None = None
    here_only: bool = False


def list_ids(reading: "Reading", ledger: Ledger, query: ListQuery) -> list[int]:
    """Return the ids of the rows that match, in order."""
    where, parameters = _where(ledger, query, without="")
    keys = query.sort or ledger.default_sort
    order = [f'"{ledger.sort_by.get(name, name)}"{" DESC" if down else ""} NULLS LAST' for name, down in keys]
    # An index of one column gives the order of that column and the id. With more keys none does; the plus keeps SQLite
    # from going through one for the id alone, and so through every row of the table.
    order.append("id" if len(order) < 2 else "+id")
    found_ids = f"SELECT id FROM ({ledger.select}){where} ORDER BY {', '.join(order)}"
    # One text instead of a tuple for each row: 100,000 of those would cost more than finding them. SQLite keeps the
    # order of an inner query for an aggregate like this; an ORDER BY within the aggregate sorts a tenth slower.
    text = reading.scalar(f"SELECT group_concat(id) FROM ({found_ids})", parameters)
    found: list[int] = json.loads(f"[{text or ''}]")  # the quickest reader of many numbers
    return found


def count_rows(reading: "Reading", ledger: Ledger, query: ListQuery) -> int:
    """Return how many rows match."""
    where, parameters = _where(ledger, query, without="")
    return int(reading.scalar(f"SELECT count(*) FROM ({ledger.select}){where}", parameters) or 0)


def sum_rows(reading: "Reading", ledger: Ledger, query: ListQuery) -> dict[str, int]:
    """Return the total of each summed field over the rows that match; none for a ledger without such fields."""
    if not ledger.summed:
        return {}
    where, parameters = _where(ledger, query, without="")
    sums = ", ".join(f'coalesce(sum("{name}"), 0)' for name in ledger.summed)
    rows = reading.rows(f"SELECT {sums} FROM ({ledger.select}){where}", parameters)
    return dict(zip(ledger.summed, rows[0], strict=True))


@dataclass(frozen=True)
class Summary:
    """Some rows of one column: how many, how many have a value, how many different ones, and the sum of numbers."""

    rows: int
    filled: int
    distinct: int
    total: int | None = None


def summarise(reading: "Reading", ledger: Ledger, ids: Sequence[int], name: str, as_of: date) -> Summary:
    """Return the summary of a column over the rows of these ids; `total` as stored (分 for amounts), None for words."""
    is_number = isinstance(ledger.column(name).type, Amount | Number)
    value = f"nullif(\"{name}\", '')"
    total = f'sum("{name}")' if is_number else "NULL"
    rows = reading.rows(
        f"SELECT count({value}), count(DISTINCT {value}), {total} FROM ({ledger.select})"
        " WHERE id IN (SELECT value FROM json_each(:ids))",
        {"as_of": as_of.isoformat(), "ids": json.dumps(list(ids))},
    )
    return Summary(len(ids), *rows[0])


def fetch_rows(reading: "Reading", ledger: Ledger, ids: Sequence[int], as_of: date) -> list[dict[str, Any]]:
    """Return the rows of these ids in their order, as values by field name and `id`; ids that are gone are left out."""
    names = [each.name for each in ledger.fields]
    readers = [reader_of(each) for each in ledger.fields]
    columns = ", ".join(f'"{name}"' for name in names)
    # One text instead of a tuple for each row: at each tuple another thread may take its turn, and a frame is late.
    text = reading.scalar(
        f"SELECT json_group_array(json_array(id, {columns})) FROM ({ledger.select})"
        " WHERE id IN (SELECT value FROM json_each(:ids))",
        {"as_of": as_of.isoformat(), "ids": json.dumps(list(ids))},
    )
    found: dict[int, dict[str, Any]] = {}
    for row in json.loads(text):
        values: dict[str, Any] = {"id": row[0]}
        for name, read, value in zip(names, readers, row[1:], strict=True):
            values[name] = value if read is None or value is None else read(value)
        found[row[0]] = values
    return [found[one] for one in ids if one in found]


def value_counts(reading: "Reading", ledger: Ledger, query: ListQuery, name: str) -> list[tuple[Any, int]]:
    """Return each value of a field with its number of rows, most frequent first, under all filters but its own."""
    where, parameters = _where(ledger, query, without=name)
    sql = f'SELECT "{name}", count(*) FROM ({ledger.select}){where} GROUP BY "{name}"'
    counts: dict[Any, int] = {}
    read = reader_of(ledger.column(name))
    for value, count in reading.rows(sql, parameters):
        if name in ledger.several and value:
            for part in value.split("、"):
                counts[part] = counts.get(part, 0) + count
        else:
            one = value if read is None or value is None else read(value)
            counts[one] = counts.get(one, 0) + count
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] is None, str(pair[0])))


def write(
    uow: "UnitOfWork",
    ledger: Ledger,
    values: Mapping[str, Any],
    record_id: int | None = None,
    context: IntakeContext | None = None,
) -> PlannedRow:
    """Store one row typed in a form or a cell: the same plan and the same writer as an import.

    `values` are texts or values by field name; with a `record_id` only those given are changed. Raises
    UserError when the row is refused or waits for an answer.
    """
    context = context or form_context(record_id=record_id)
    planned = plan_one(uow, ledger, values, context)
    refuse(planned)
    ledger.store(uow, [planned], context)
    keep_questions(uow, ledger, [planned])
    return planned


def plan_one(
    reading: "Reading", ledger: Ledger, values: Mapping[str, Any], context: IntakeContext
) -> PlannedRow:
    """Return what storing these values would do."""
    known = {each.name: each for each in ledger.importable}
    fields = tuple(known[name] for name in values if name in known)
    record = read_values(fields, values, reading.policy.words(context.as_of))
    if context.record_id is not None:
        # Of an edited row only what is given is looked at: a required field may not be emptied.
        record.issues += missing_issues(fields, record)
    return ledger.plan(reading, [record], context)[0]


def form_context(
    *, record_id: int | None = None, as_of: date | None = None, correction: str = ""
) -> IntakeContext:
    """Return the context of a row typed by hand."""
    from skillsaid_desktop.clock import today

    return IntakeContext(as_of=as_of or today(), correction=correction, is_form=True, record_id=record_id)


def refuse(planned: PlannedRow) -> None:
    """Raise UserError with the sentences of a row that can not be stored."""
    if planned.outcome in (Outcome.INVALID, Outcome.WAITING):
        reasons = [each for each in planned.issues if each.severity is Severity.BLOCK or each.waits]
        raise UserError("；".join(each.message for each in reasons), "这一行没有存，台账没有改动。")


def reader_of(column: Field) -> Any:
    """Return what turns a stored value into the field's value, or None if it is that already."""
    if isinstance(column.type, Date):
        return date.fromisoformat
    return bool if isinstance(column.type, Flag) else None


def _where(ledger: Ledger, query: ListQuery, *, without: str) -> tuple[str, dict[str, Any]]:
    """Return the WHERE clause and its parameters."""
    parameters: dict[str, Any] = {"as_of": query.as_of.isoformat()}
    clauses = [search_clause(ledger.search, term, parameters) for term in query.search.split()]
    for name, condition in query.filters.items():
        if name != without:
            clauses.append(_condition(ledger, name, condition, parameters))
    if query.only is not None:
        parameters["only"] = json.dumps(query.only)
        clauses.append("id IN (SELECT value FROM json_each(:only))")
    elif query.here_only and ledger.here:
        # `= 1` would make an inner join of the outer one and let SQLite begin with everybody's spans, when a filter
        # leaves only some students.
        clauses.append(f'"{ledger.here}" IS 1')
    return (" WHERE " + " AND ".join(clauses) if clauses else ""), parameters


def search_clause(searched: Sequence[Searched], term: str, parameters: dict[str, Any]) -> str:
    """Return the clause for one word of a search; "0" if it is looked for nowhere."""
    key = _search_parameters(term, parameters)
    parts: dict[Through | None, list[str]] = {}
    for each in searched:
        if part := _search_part(each, term, key):
            parts.setdefault(each.through, []).append(part)
    clauses = [
        " OR ".join(found)
        if through is None
        else f'"{through.by}" IN (SELECT {through.key} FROM {through.table} WHERE {" OR ".join(found)})'
        for through, found in parts.items()
    ]
    return f"({' OR '.join(clauses)})" if clauses else "0"


def search_keys(
    reading: "Reading", through: Through, searched: Sequence[Searched], term: str, most: int
) -> list[int]:
    """Return what `through.by` is for the rows that another table leads to, one more than `most` if there are more."""
    parameters: dict[str, Any] = {"most": most + 1}
    clause = search_clause([replace(each, through=None) for each in searched], term, parameters)
    if clause == "0":
        return []
    rows = reading.rows(
        f"SELECT DISTINCT {through.key} FROM {through.table} WHERE {clause} LIMIT :most", parameters
    )
    return [row[0] for row in rows]


def _search_parameters(term: str, parameters: dict[str, Any]) -> str:
    """Put the patterns of one word into the parameters and return the beginning of their names."""
    from skillsaid_desktop.domain.names import fold_name

    escaped = escape_like(term)
    key = f"s{len(parameters)}"
    parameters[f"{key}a"] = f"%{escape_like(fold_name(term) or term)}%"
    parameters[f"{key}t"] = f"%{escaped.upper()}"
    parameters[f"{key}r"] = f"{escaped.lower()}%"
    parameters[f"{key}o"] = f"%|{escaped.lower()}%"
    return key


def _search_part(searched: Searched, term: str, key: str) -> str:
    """Return the condition on one column, "" if a word like this is not looked for in it."""
    column = f'"{searched.column}"'
    if searched.how == "anywhere":
        return f"{column} LIKE :{key}a ESCAPE '!'"
    if searched.how == "tail":
        is_tail = term[:-1].isdigit() and len(term) >= 2
        return f"{column} LIKE :{key}t ESCAPE '!'" if is_tail else ""
    if not (term.isascii() and term.isalpha()):
        return ""
    if searched.how == "reading":
        column = f"replace({column}, ' ', '')"
    return f"({column} LIKE :{key}r ESCAPE '!' OR {column} LIKE :{key}o ESCAPE '!')"


def _condition(ledger: Ledger, name: str, condition: Condition, parameters: dict[str, Any]) -> str:
    """Return the clause for one filter."""
    if name not in {each.name for each in ledger.fields}:
        raise ValueError(f"no field {name} in ledger {ledger.name}")
    column = f'"{name}"'
    key = f"f{len(parameters)}"
    if isinstance(condition, Containing):
        parameters[key] = f"%{escape_like(condition.text)}%"
        return f"{column} LIKE :{key} ESCAPE '!'"
    if isinstance(condition, Between):
        bounds = []
        for sign, end, mark in ((">=", condition.low, "a"), ("<=", condition.high, "b")):
            if end is not None:
                parameters[key + mark] = as_stored(end)
                bounds.append(f"{column} {sign} :{key}{mark}")
        return " AND ".join(bounds) or "1"
    parts = []
    for n, value in enumerate(condition.values):
        if value is None or value == "":
            parts.append(f"({column} IS NULL OR {column} = '')")
            continue
        parameters[f"{key}v{n}"] = (
            f"%、{escape_like(value)}、%" if name in ledger.several else as_stored(value)
        )
        if name in ledger.several:
            parts.append(f"('、' || {column} || '、') LIKE :{key}v{n} ESCAPE '!'")
        else:
            parts.append(f"{column} = :{key}v{n}")
    return f"({' OR '.join(parts)})" if parts else "0"


def as_stored(value: Any) -> Any:
    """Return a value as the ledger file keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


def escape_like(text: str) -> str:
    """Return a text whose wildcards stand for themselves in LIKE."""
    return str(text).replace("!", "!!").replace("%", "!%").replace("_", "!_")
