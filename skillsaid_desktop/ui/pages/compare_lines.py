"""The list beside the review page: a line for each student, with the sentence that matters most."""

from skillsaid_desktop.ledgers.comparison import Answer, Entry, Outcome, Possible
from skillsaid_desktop.ledgers.roster_matches import Student
from skillsaid_desktop.services import comparison
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.person_list import PersonLine

ASKED = frozenset({Outcome.PROBABLE, Outcome.DIFFERS})
"""Outcomes that may need a judgement."""
_VERDICT_TONES = {Answer.SAME: "good", Answer.DIFFERENT: "text2", Answer.ASK: "explain"}


def entry_line(entry: Entry) -> PersonLine:
    """Return the line of a student in the comparison."""
    person = entry.person
    about = entry.student.class_name or ""
    word, tone = "", "text2"
    if person is not None and entry.outcome in ASKED:
        cautions = comparison.cautions_of(person)
        about = (cautions or entry.differing or comparison.reasons_for(person))[0]
        if person.verdict and person.verdict.answer is Answer.ASK:
            word, tone = tr("先放着"), "explain"
    elif person is not None and entry.is_cleared:
        word, tone = tr("风险已消除"), "explain"
    elif person is not None and entry.outcome is Outcome.ONLY_IN_POVERTY:
        about = f"{about}　{person.facts.wording}"
    elif person is not None and person.facts.details.get("training"):
        about = f"{about}　{person.facts.details['training']}"
    return PersonLine(entry.student.side.name, about, word, tone, ("entry", entry.student.id))


def judged_line(student: Student, person: Possible) -> PersonLine:
    """Return the line of a student who was judged today."""
    assert person.verdict is not None
    answer = person.verdict.answer
    cautions = person.judgement.cautions if person.judgement else ()
    key = ("judged", student.id, person.candidate.number)
    return PersonLine(
        student.side.name,
        cautions[0] if cautions else "",
        comparison.WORDS[answer],
        _VERDICT_TONES[answer],
        key,
    )
