"""Papers as PDF: what is read, copied and printed."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from skillsaid_desktop.documents import Document, PageSetup, Paragraph, Table, TableColumn, TableRow
from skillsaid_desktop.exporters.pdf import render_pdf, write_pdf
from skillsaid_desktop.exporters.pdf_fonts import body_face
from skillsaid_desktop.schema import Name, Text
from tests.exporters.papers import SIGNATURES, form_paper, list_paper
from tests.exporters.readable import pdf_fonts, pdf_text

MADE = datetime(2025, 11, 25, 10, 0)
RARE = "𠅤𬭎𰻝䶮㛃堃喆"


def _names(*names: str, rows: int = 0) -> Document:
    columns = (TableColumn(headings=("姓名",), type=Name(), width=6),)
    body = [TableRow(values=(name,), about=name) for name in names * (rows or 1)]
    return Document(title="名单", file_name="名单", blocks=(Table(columns=columns, rows=body),))


@pytest.mark.parametrize("name", ["list", "form"])
def test_a_paper_reads_as_expected(name: str, tmp_path: Path, compare: Callable[[str, str], None]) -> None:
    path = tmp_path / "paper.pdf"
    assert write_pdf(list_paper(24) if name == "list" else form_paper(), path) == []
    lines = [line.rstrip() for line in pdf_text(path).replace("\f", "\n=== page ===\n").split("\n")]
    compare(f"{name}.pdf.txt", "\n".join(line for line in lines if line) + "\n")


def test_rare_names_can_be_copied_out(tmp_path: Path) -> None:
    path = tmp_path / "rare.pdf"
    assert write_pdf(_names(RARE, "李𠅤明"), path) == []
    text = pdf_text(path)
    assert RARE in text
    assert "李𠅤明" in text


def test_more_characters_than_one_font_subset_holds_copy_out(tmp_path: Path) -> None:
    face = body_face()
    many = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 700))
    assert not face.missing
    path = tmp_path / "many.pdf"
    write_pdf(replace(_names("一"), blocks=(Paragraph(text=many),)), path)
    copied = "".join(pdf_text(path, layout=False).split())
    assert many in copied


def test_a_character_no_font_has_is_named_with_its_person(tmp_path: Path) -> None:
    path = tmp_path / "missing.pdf"
    (issue,) = write_pdf(_names("张\U000f0001"), path)
    assert "张" in issue.message
    assert "U+F0001" in issue.message
    assert "〓" in pdf_text(path)


def test_all_fonts_are_embedded(tmp_path: Path) -> None:
    path = tmp_path / "fonts.pdf"
    write_pdf(list_paper(10), path)
    lines = pdf_fonts(path).splitlines()[2:]
    assert lines
    assert not any("Helvetica" in line for line in lines)
    assert all(line.split()[-5] == "yes" for line in lines)


def test_headings_repeat_and_pages_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    pdf = render_pdf(list_paper(120))
    path.write_bytes(pdf.content)
    pages = ["".join(page.split()) for page in pdf_text(path).split("\f")[:-1]]
    assert len(pages) == pdf.pages > 3
    for number, page in enumerate(pages, 1):
        assert f"第{number}页" in page
        assert f"共{pdf.pages}页" in page
        assert "内部资料" in page
        assert "证件号码" in page
        assert "入学日期" in page
    assert "填表人：丁晓岚" in pages[-1]
    assert "合计" in pages[-1]


def test_the_signature_line_never_stands_alone_on_a_page(tmp_path: Path) -> None:
    for rows in range(14, 34):
        path = tmp_path / f"{rows}.pdf"
        paper = _names("张三", rows=rows)
        path.write_bytes(
            render_pdf(
                replace(paper, blocks=(*paper.blocks, SIGNATURES), page=PageSetup(landscape=True))
            ).content
        )
        assert "张三" in pdf_text(path).split("\f")[-2]


def test_a_cell_higher_than_the_page_goes_on_overleaf(tmp_path: Path) -> None:
    columns = (TableColumn(headings=("情况",), type=Text(), width=20),)
    words = "".join(f"第{number}句话。" for number in range(4000))
    table = Table(columns=columns, rows=[TableRow(values=(words,))])
    path = tmp_path / "tall.pdf"
    path.write_bytes(render_pdf(Document(title="长", file_name="长", blocks=(table,))).content)
    text = "".join(pdf_text(path).split())
    assert "第0句话" in text
    assert "第3999句话" in text


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert render_pdf(list_paper(5), made_at=MADE).content == render_pdf(list_paper(5), made_at=MADE).content


def test_every_figure_has_its_place_on_the_page() -> None:
    pdf = render_pdf(form_paper())
    assert [spot.ref for spot in pdf.spots] == ["E1", "E2", "T2", "T3"]
    assert all(0 < spot.x < 595 and 0 < spot.y < 842 and spot.width > 10 for spot in pdf.spots)


def test_strange_characters_do_not_end_the_export() -> None:
    pdf = render_pdf(_names("张\x07三\t李\u200b四", "a\u2028b", "\ufeff", "字\ue000"))
    assert [issue.code for issue in pdf.issues] == ["glyph"]


def test_a_long_school_name_does_not_run_into_the_closing_day(tmp_path: Path) -> None:
    columns = tuple(TableColumn(headings=(one,), type=Text(), width=6) for one in ("序号", "姓名", "班级"))
    school, day = "填报单位（盖章）：江西示范技师学院（虚构数据）", "统计截止日：2025年10月25日"
    paper = Document(
        title="名单",
        file_name="名单",
        header_left=school,
        header_center=day,
        blocks=(Table(columns=columns, rows=[TableRow(values=("1", "万强", "建筑2301"))]),),
    )
    path = tmp_path / "head.pdf"
    write_pdf(paper, path)
    assert re.search(f"{school} +{day}", pdf_text(path))
