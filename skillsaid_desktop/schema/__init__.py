"""The shared vocabulary of rows and cells: no Qt, no SQL. May import errors, progress, paths, clock."""

from skillsaid_desktop.schema.field import Field, Privacy
from skillsaid_desktop.schema.field_type import FieldType, Finding, Parsed, RawValue, Words
from skillsaid_desktop.schema.issue import Issue, Severity
from skillsaid_desktop.schema.masking import mask_number
from skillsaid_desktop.schema.record import Place, Record, parse_record
from skillsaid_desktop.schema.types import (
    Amount,
    BankCard,
    Choice,
    Date,
    Flag,
    IdNumber,
    Month,
    Name,
    Number,
    Phone,
    Ratio,
    Text,
)

__all__ = [
    "Amount",
    "BankCard",
    "Choice",
    "Date",
    "Field",
    "FieldType",
    "Finding",
    "Flag",
    "IdNumber",
    "Issue",
    "Month",
    "Name",
    "Number",
    "Parsed",
    "Phone",
    "Place",
    "Privacy",
    "Ratio",
    "RawValue",
    "Record",
    "Severity",
    "Text",
    "Words",
    "mask_number",
    "parse_record",
]
