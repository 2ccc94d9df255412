"""The shared vocabulary of rows and cells: no Qt, no SQL. May import errors, progress, paths, clock."""

from skillsaid_desktop.schema.field import Field, Privacy
from skillsaid_desktop.schema.issue import Issue, Severity
from skillsaid_desktop.schema.types import FieldType, Finding, Parsed, RawValue, Words

__all__ = ["Field", "FieldType", "Finding", "Issue", "Parsed", "Privacy", "RawValue", "Severity", "Words"]
