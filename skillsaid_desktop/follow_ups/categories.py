"""What follows from the categories: one that makes a student a target is about to end."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from skillsaid_desktop.follow_ups.follow_up import FollowUp, Ground
from skillsaid_desktop.ledgers.timeline import Place

_DAY = timedelta(days=1)


def ending_categories(ground: Ground) -> Iterator[FollowUp]:
    """Yield the categories that end within the days that the school has set, with no other one after them."""
    policy, last = ground.reading.policy, ground.day + timedelta(days=ground.reading.settings.remind_days)
    rows = ground.reading.rows(
        "SELECT h.id, h.student_id, s.name, sp.class_name, h.category, h.to_on FROM hardship_status h"
        " JOIN student s ON s.id = h.student_id"
        " JOIN student_span sp ON sp.student_id = s.id AND sp.from_on <= :day AND sp.to_on >= :day AND sp.is_enrolled"
        f" WHERE h.to_on BETWEEN :day AND :last{ground.only('h.student_id')} ORDER BY h.to_on, h.id",
        {"day": ground.day.isoformat(), "last": last.isoformat()},
    )
    others: defaultdict[int, list[tuple[str, date, date | None]]] = defaultdict(list)
    for student_id, category, from_on, to_on in ground.reading.rows(
        "SELECT student_id, category, from_on, to_on FROM hardship_status WHERE student_id IN"
        " (SELECT student_id FROM hardship_status WHERE to_on BETWEEN ? AND ?)",
        (ground.day.isoformat(), last.isoformat()),
    ):
        end = date.fromisoformat(to_on) if to_on else None
        others[student_id].append((category, date.fromisoformat(from_on), end))
    for row_id, student_id, name, class_name, category, to_on in rows:
        end = date.fromisoformat(to_on)
        after = end + _DAY
        goes_on = any(
            policy.is_target(each, after) and from_on <= after and (until is None or until >= after)
            for each, from_on, until in others[student_id]
        )
        if goes_on or not policy.is_target(category, end):
            continue
        yield FollowUp(
            kind="category", student_id=student_id, who=name, class_name=class_name or "",
            text=f"{category}到 {end.month}月{end.day}日为止，以后不再算帮扶对象，请核对", due_on=end,
            since=ground.day, responsible=ground.coordinator, severity=ground.weight(end),
            place=Place("hardship", {"record": row_id}, "看类别"),
        )  # fmt: skip
