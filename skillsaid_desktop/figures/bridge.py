"""Block C: why the number of targets in school is what it is (DOMAIN section 7, 异动).

C0 + CX − … + CI − CO = S1 by name: people are followed day by day through their stretches, so whoever comes
is an addition and whoever goes is a reduction, each under one kind.
"""

from collections.abc import Callable
from datetime import date

from skillsaid_desktop.domain.status import OPENING_MARK
from skillsaid_desktop.figures.figure import Dated, Figure
from skillsaid_desktop.figures.ground import Ground

RECOGNISED = "认定为帮扶对象"
RELEASED = "退出帮扶对象"
ADDITIONS = ("入学", "转入", RECOGNISED)
REDUCTIONS = ("毕业", "结业", "退学", "转出", "开除", "注销", "死亡", RELEASED)
INTERNAL = (
    "休学",
    "复学",
    "参军保留学籍",
    "恢复学籍",
    "岗位实习",
    "实习结束",
    "转专业",
    "转班",
    "留级",
    "升入高级工班",
    "升入预备技师班",
)


def _kind_among(opened_by: str, kinds: tuple[str, ...], otherwise: str) -> str:
    """Return the kind that began a stretch, if it is one of these."""
    named = opened_by.split("、")
    return next((kind for kind in kinds if kind in named), otherwise)


def comings_and_goings(ground: Ground, from_on: date, to_on: date) -> list[tuple[str, Dated]]:
    """Return who became or ceased to be a 在籍帮扶对象 in these days, with the kind it counts under.

    Who moves twice under one kind in a month counts once under it: the move between cancels the second.
    """
    known = ground.moves.get((from_on, to_on))
    if known is not None:
        return known
    found: list[tuple[str, Dated]] = []
    for stretches in ground.stretches.values():
        counted, enrolled = False, False
        own: list[tuple[str, Dated]] = []
        for one in stretches:
            if one.counts != counted and from_on <= one.from_on <= to_on:
                if one.counts:
                    kind = RECOGNISED if enrolled else _kind_among(one.opened_by, ADDITIONS[:2], RECOGNISED)
                elif one.is_enrolled:
                    kind = RELEASED
                else:
                    kind = _kind_among(one.opened_by, REDUCTIONS[:-1], RELEASED)
                if one.counts or OPENING_MARK not in one.opened_by:
                    own.append((kind, Dated(one.student_id, one.from_on, kind)))
            counted, enrolled = one.counts, one.is_enrolled
        found += own if len(own) < 3 else _settled(ground, own)
    ground.moves[from_on, to_on] = found
    return found


def _settled(ground: Ground, moves: list[tuple[str, Dated]]) -> list[tuple[str, Dated]]:
    """Return one student's moves with no kind twice in a month; those that cancel each other are left out."""
    months: dict[str, list[tuple[str, Dated]]] = {}
    for move in moves:
        own = months.setdefault(ground.rule.month_of(move[1].on), [])
        if any(kind == move[0] for kind, _ in own):
            # Comings and goings alternate, so the one before is of the other sign.
            own.pop()
        else:
            own.append(move)
    return [move for own in months.values() for move in own]


def _moved(kind: str) -> Callable[[Ground, date, date], list[Dated]]:
    def dated(ground: Ground, from_on: date, to_on: date) -> list[Dated]:
        return [one for found, one in comings_and_goings(ground, from_on, to_on) if found == kind]

    return dated


def _internal(kind: str) -> Callable[[Ground, date, date], list[Dated]]:
    def dated(ground: Ground, from_on: date, to_on: date) -> list[Dated]:
        found = []
        for change in ground.changes:
            if change.kind == kind and from_on <= change.on <= to_on:
                stretch = ground.stretch_on(change.student_id, change.on)
                if stretch is not None and stretch.is_target:
                    found.append(Dated(change.student_id, change.on, change.reason))
        return found

    return dated


BRIDGE = (
    Figure(
        code="C0",
        name="期初在籍帮扶对象",
        definition="上月末的 S1 名单；上月已封账的按封账时的名单",
        opening_stock=True,
    ),
    Figure(
        code="CX+",
        name="更正增加",
        definition="上月封账以后补登、日期在上月末以前的异动，使上月末名单增加的人",
        sums_months=True,
    ),
    Figure(
        code="CX-",
        name="更正减少",
        definition="上月封账以后补登、日期在上月末以前的异动，使上月末名单减少的人",
        sums_months=True,
    ),
    *(
        Figure(
            code=f"CI{number}",
            name=f"增加：{kind}",
            definition=f"本期成为在籍帮扶对象、按“{kind}”计的学生",
            dated=_moved(kind),
            sums_months=True,
        )
        for number, kind in enumerate(ADDITIONS, 1)
    ),
    *(
        Figure(
            code=f"CO{number}",
            name=f"减少：{kind}",
            definition=f"本期不再是在籍帮扶对象、按“{kind}”计的学生",
            dated=_moved(kind),
            sums_months=True,
        )
        for number, kind in enumerate(REDUCTIONS, 1)
    ),
    *(
        Figure(
            code=f"CM{number}",
            name=f"内部变动：{kind}",
            definition=f"本期{kind}的帮扶对象，不影响在籍人数",
            dated=_internal(kind),
            sums_months=True,
        )
        for number, kind in enumerate(INTERNAL, 1)
    ),
)
