"""How leaders and pairings look as rows: the exception has ink, and what is to be done stands at the row's end."""

from skillsaid_desktop.services.pairings import PairingsOnDay, PairingStanding
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column, Row

ALL, UNPAIRED = "全部", "没有结对"
LEADER_COLUMNS = (
    Column(title="校领导", stretches=True),
    Column(title="学生", width=48, right=True),
    Column(title="逾期", width=48, right=True),
)
COLUMNS = (
    Column(title="学生", width=88, is_name=True),
    Column(title="班级", width=96),
    Column(title="校领导", width=80, is_name=True),
    Column(title="结对日期", width=96),
    Column(title="联系", width=52, right=True),
    Column(title="最近联系", width=96),
    Column(title="多久了", width=104),
    Column(title="上次说到", width=120, stretches=True),
    Column(title="", width=76, is_link=True),
)
LEADER_AT = 2
TALK, END, HAND_OVER = "记一笔", "解除…", "移交…"


def leader_row(found: PairingsOnDay, name: str) -> Row:
    """Return a line of the list at the left: all, nobody's, or a leader with students and overdue contacts."""
    if name == ALL:
        overdue = sum(each.overdue for each in found.leaders)
        return (
            Cell(tr(ALL)),
            Cell(f"{len({each.student_id for each in found.pairings}):,}", "text2"),
            _overdue(overdue),
        )
    if name == UNPAIRED:
        number = len(found.unpaired)
        return (
            Cell(tr(UNPAIRED)),
            Cell(f"{number:,}", "accent" if number else "text3", bold=bool(number)),
            Cell(),
        )
    load = found.load_of(name)
    assert load is not None
    left = f"{name}　已离任" if load.has_left else name
    return (
        Cell(left, "explain" if load.has_left else "text"),
        Cell(str(len(load.pairings)), "text2"),
        _overdue(load.overdue),
    )


def pairing_row(one: PairingStanding) -> Row:
    """Return a pairing as a row; what is to be done about it stands at the end, as a link."""
    since = f"{one.days} 天"
    silence = (
        Cell(f"{since}，逾期", "explain", tint="explain", bold=True)
        if one.is_overdue
        else Cell(since, "text2")
    )
    if not one.is_enrolled:
        silence = Cell(f"已{one.state}" if one.state else tr("不在校"), "text3", tag=True)
    act = HAND_OVER if one.has_leader_left else END if not one.is_enrolled else TALK
    if (
        one.ended_on is not None
    ):  # it still counts on its last day, but nothing is to be done about it any more
        silence, act = Cell(f"{one.ended_on:%m-%d} 解除", "text3", tag=True), ""
    return (
        Cell(one.student),
        Cell(one.class_name),
        Cell(one.leader, "explain" if one.has_leader_left else "text"),
        Cell(one.paired_on.isoformat(), "text2"),
        Cell(str(one.contacts), "text2" if one.contacts else "text3"),
        Cell(
            one.last_on.isoformat() if one.last_on else tr("没有联系过"),
            "text" if one.last_on else "text3",
        ),
        silence,
        Cell(one.last_said, "text2"),
        Cell(tr(act), "accent"),
    )


def _overdue(number: int) -> Cell:
    return Cell(str(number), "explain", bold=True) if number else Cell("")
