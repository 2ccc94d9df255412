"""技能脱贫行动进展情况表 in our own layout (暂定样式): the notice's own form is published nowhere.

Two halves side by side, so that the month stands on one sheet of A4; every number refers to its figure.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.documents import Cell, Document, Grade, PageSetup, Table, TableColumn, TableRow
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.figures.figure import FigureResult
from skillsaid_desktop.reports.letterhead import Letterhead
from skillsaid_desktop.reports.report import MONTH, Params, Report, grade_of
from skillsaid_desktop.schema import Number, Ratio, Text

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

_LEFT = (
    ("招生", "新招收帮扶对象学生", "人", "E1"),
    ("招生", "　其中：应届", "人", "E2"),
    ("招生", "　　　　往届", "人", "E3"),
    ("招生", "　　　　对口贫困县", "人", "E4"),
    ("招生", "　　　　高级工", "人", "E5"),
    ("招生", "　　　　预备技师（技师）", "人", "E6"),
    ("在籍", "在籍帮扶对象学生", "人", "S1"),
    ("在籍", "　其中：在校（在读、实习）", "人", "S2"),
    ("在籍", "　　　　中级工", "人", "S3"),
    ("在籍", "　　　　高级工", "人", "S4"),
    ("在籍", "　　　　预备技师（技师）", "人", "S5"),
    ("在籍", "　　　　对口贫困县", "人", "S6"),
    ("在籍", "　　　　休学", "人", "S7"),
    ("在籍", "　　　　保留学籍", "人", "S8"),
    ("结对\n帮扶", "结对校领导", "人", "M1"),
    ("结对\n帮扶", "结对学生", "人", "M2"),
    ("结对\n帮扶", "帮扶次数", "次", "M3"),
    ("结对\n帮扶", "帮扶到的学生", "人", "M4"),
    ("结对\n帮扶", "对口贫困县未结对", "人", "M5"),
    ("监测", "应监测学生", "人", "T1"),
    ("监测", "已监测学生", "人", "T2"),
    ("监测", "监测覆盖率", "%", "T3"),
    ("监测", "困难学生（较重、紧急）", "人", "T4"),
    ("监测", "　其中：已有帮助措施", "人", "T5"),
    ("监测", "完成的帮助措施", "项", "T6"),
)
_RIGHT = (
    ("增减", "期初在籍帮扶对象", "人", "C0"),
    ("增减", "更正增加", "人", "CX+"),
    ("增减", "更正减少", "人", "CX-"),
    ("增减", "增加：入学", "人", "CI1"),
    ("增减", "　　　转入", "人", "CI2"),
    ("增减", "　　　认定为帮扶对象", "人", "CI3"),
    ("增减", "减少：毕业", "人", "CO1"),
    ("增减", "　　　结业", "人", "CO2"),
    ("增减", "　　　退学", "人", "CO3"),
    ("增减", "　　　转出", "人", "CO4"),
    ("增减", "　　　开除", "人", "CO5"),
    ("增减", "　　　注销", "人", "CO6"),
    ("增减", "　　　死亡", "人", "CO7"),
    ("增减", "　　　退出帮扶对象", "人", "CO8"),
    ("内部\n变动", "休学", "人", "CM1"),
    ("内部\n变动", "复学", "人", "CM2"),
    ("内部\n变动", "参军保留学籍", "人", "CM3"),
    ("内部\n变动", "恢复学籍", "人", "CM4"),
    ("内部\n变动", "岗位实习", "人", "CM5"),
    ("内部\n变动", "实习结束", "人", "CM6"),
    ("内部\n变动", "转专业", "人", "CM7"),
    ("内部\n变动", "转班", "人", "CM8"),
    ("内部\n变动", "留级", "人", "CM9"),
    ("内部\n变动", "升入高级工班", "人", "CM10"),
    ("内部\n变动", "升入预备技师（技师）班", "人", "CM11"),
)


def _half() -> tuple[TableColumn, ...]:
    return (
        TableColumn(headings=("类别",), type=Text(), width=2.2, merge_down=True, align="center"),
        TableColumn(headings=("项目",), type=Text(), width=12.5),
        TableColumn(headings=("单位",), type=Text(), width=2, align="center"),
        TableColumn(headings=("本期",), type=Number(), width=4),
        TableColumn(headings=("本年累计",), type=Number(), width=4.3),
        TableColumn(headings=("启动以来",), type=Number(), width=4.3),
    )


def _cells(line: tuple[str, str, str, str], figures: Mapping[str, FigureResult]) -> tuple[Any, ...]:
    group, item, unit, codes = line
    found = [figures[code] for code in codes.split() if code in figures]
    kind = Ratio() if unit == "%" else None
    sums = [
        [result.period for result in found],
        [result.year for result in found],
        [result.since_start for result in found],
    ]
    cells: list[Any] = []
    for index, values in enumerate(sums):
        known = [value for value in values if value is not None]
        if known and len(known) == len(values):
            value: Any = sum(known) if kind is not None else int(sum(known))
            cells.append(Cell(value=value, type=kind, ref=codes))
        elif index and found and _is_stock(codes):
            cells.append(Cell(value="／", align="center"))
        else:
            cells.append(Cell(value=None, ref=codes))
    return (group, item, unit, *cells)


def _is_stock(codes: str) -> bool:
    """Say whether a line has no sum over a longer time: it stands for the last day."""
    return codes[0] == "S" or codes in ("T1", "T3", "C0", "M1", "M2", "M5")


def _build(reading: "Reading", params: Params) -> Document:
    grade_of(params, tuple(Grade), PROGRESS.title)
    month = str(params["month"])
    head = Letterhead(reading, month=month)
    figures = compute_figures(reading, month)
    rows = [
        TableRow(values=(*_cells(left, figures), *_cells(right, figures)), about=left[1].strip())
        for left, right in zip(_LEFT, _RIGHT, strict=True)
    ]
    table = Table(columns=(*_half(), *_half()), rows=rows, name="进展情况表", text_size=7.5)
    return head.document(
        title=PROGRESS.title,
        attachment="附件",
        blocks=(table,),
        page=PageSetup(landscape=True, margin_top=11, margin_bottom=11),
        remarks=("暂定样式", head.open_remark),
        unit="人、次、项",
        mark="暂定样式",
    )


PROGRESS = Report(
    name="progress",
    title="技能脱贫行动进展情况表",
    parameters=(MONTH,),
    build=_build,
    grades=tuple(Grade),
    names_people=False,
)
