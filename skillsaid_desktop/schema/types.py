"""The kinds of value a column can hold, gathered for those who declare columns."""

from skillsaid_desktop.schema.choices import HELD, LACKING, ON_PAPER, Choice, Flag, Held
from skillsaid_desktop.schema.dates import Date, Month
from skillsaid_desktop.schema.document_number import IdNumber
from skillsaid_desktop.schema.field_type import (
    Align,
    FieldType,
    Finding,
    Parsed,
    Precision,
    RawValue,
    Words,
)
from skillsaid_desktop.schema.numbers import Amount, BankCard, Number, Phone, Ratio
from skillsaid_desktop.schema.texts import Name, Text

__all__ = [
    "HELD",
    "LACKING",
    "ON_PAPER",
    "Align",
    "Amount",
    "BankCard",
    "Choice",
    "Date",
    "FieldType",
    "Finding",
    "Flag",
    "Held",
    "IdNumber",
    "Month",
    "Name",
    "Number",
    "Parsed",
    "Phone",
    "Precision",
    "Ratio",
    "RawValue",
    "Text",
    "Words",
]
