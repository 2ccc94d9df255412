"""Rules as dated data: what the school's policy says on which day. May import schema, errors, paths."""

from skillsaid_desktop.policy.calendar import WorkCalendar
from skillsaid_desktop.policy.policy import (
    Category,
    Deadline,
    Due,
    Policy,
    Recipient,
    default_policy_text,
    load_policy,
)
from skillsaid_desktop.policy.vocabulary import FIXED, PolicyWords, Vocabulary, fold_word

__all__ = [
    "FIXED",
    "Category",
    "Deadline",
    "Due",
    "Policy",
    "PolicyWords",
    "Recipient",
    "Vocabulary",
    "WorkCalendar",
    "default_policy_text",
    "fold_word",
    "load_policy",
]
