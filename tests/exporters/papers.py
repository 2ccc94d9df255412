"""Papers that show everything an exporter can do, built without a ledger."""

from datetime import date

from skillsaid_desktop.documents import (
    Cell,
    Document,
    Heading,
    PageSetup,
    PaperSize,
    Paragraph,
    Signatures,
    Table,
    TableColumn,
    TableRow,
)
from skillsaid_desktop.schema import Amount, Date, IdNumber, Name, Number, Ratio, Text

SIGNATURES = Signatures(
    entries=(
        ("单位负责人", ""),
        ("审核人", ""),
        ("填表人", "丁晓岚"),
        ("联系电话", "0797-6000000"),
        ("填表日期", "2025年11月25日"),
    )
)

LIST_COLUMNS = (
    TableColumn(headings=("序号",), type=Number(), width=2.2, align="center"),
    TableColumn(headings=("姓名",), type=Name(), width=4),
    TableColumn(headings=("证件号码",), type=IdNumber(), width=9.5, wrap=False, align="center"),
    TableColumn(headings=("学籍", "班级"), type=Text(), width=5),
    TableColumn(headings=("学籍", "专业"), type=Text(), width=7),
    TableColumn(headings=("学籍", "入学日期"), type=Date(), width=5.5),
    TableColumn(headings=("帮扶身份", "类别"), type=Text(), width=6),
    TableColumn(headings=("帮扶身份", "金额（元）"), type=Amount(), width=5),
    TableColumn(headings=("备注",), type=Text(), width=9, fills=True),
)

REMARKS = (
    None,
    "父亲患病，母亲务农，兄妹二人在读（其中一人在外省），家庭收入不稳定，需持续关注。",
    "=1+1",
    "第一行\n第二行",
)


def list_paper(
    rows: int = 60, *, names: tuple[str, ...] = ("张三", "李𠅤明", "钟𬭎", "古丽·阿依", "𰻝小")
) -> Document:
    """Return a list with two-level headings, rare names, long remarks, a group line and a total."""
    body: list[TableRow] = [TableRow(values=("机电2301",) + (None,) * 8, kind="group")]
    for index in range(rows):
        name = names[index % len(names)]
        body.append(
            TableRow(
                values=(
                    index + 1,
                    name,
                    f"36073120080620{index:03d}2",
                    "机电2301",
                    "机电一体化技术",
                    date(2023, 9, 1),
                    "脱贫不稳定户",
                    230_00 if index % 7 else None,
                    REMARKS[index % len(REMARKS)],
                ),
                about=name,
            )
        )
    body.append(
        TableRow(values=("合计", None, None, None, None, None, None, 230_00 * rows, None), kind="total")
    )
    return Document(
        title="学生动态台账",
        file_name="学生动态台账 2025-11",
        attachment="附件2",
        subtitle="2025年11月（10月26日—11月25日）",
        header_left="填报单位（盖章）：江西示范技师学院",
        header_center="统计截止日：2025年11月25日",
        header_right="单位：人、元",
        mark="内部资料　注意保密",
        author="江西示范技师学院",
        page=PageSetup(size=PaperSize.A4, landscape=True),
        blocks=(
            Table(columns=LIST_COLUMNS, rows=body, frozen_columns=2, name="台账"),
            Paragraph(text="注：金额按到账日期统计，“应享未享”另表列出。", small=True),
            SIGNATURES,
        ),
    )


def form_paper() -> Document:
    """Return a form with joined cells, a figure behind each number, and a second table that is empty."""
    columns = (
        TableColumn(headings=("类别",), type=Text(), width=2, merge_down=True, align="center"),
        TableColumn(headings=("项目",), type=Text(), width=11),
        TableColumn(headings=("人数", "本期"), type=Number(), width=4),
        TableColumn(headings=("人数", "本年累计"), type=Number(), width=4.5),
    )
    rows = [
        TableRow(values=("招生", "新招收帮扶对象学生", Cell(value=1, ref="E1"), 44)),
        TableRow(values=("招生", "　其中：应届", Cell(value=1, ref="E2"), 41)),
        TableRow(values=("监测", "已监测", Cell(value=125, ref="T2"), Cell(value="／", align="center"))),
        TableRow(
            values=(
                "监测",
                "监测率",
                Cell(value=0.954, type=Ratio(), ref="T3"),
                Cell(value="／", align="center"),
            )
        ),
    ]
    return Document(
        title="技能脱贫行动进展情况表",
        file_name="进展情况表",
        mark="暂定样式",
        blocks=(
            Table(columns=columns, rows=rows, name="表"),
            Heading(text="学生异动名单"),
            Table(columns=LIST_COLUMNS, rows=(), when_empty="本月无异动", name="名单"),
            SIGNATURES,
        ),
    )
