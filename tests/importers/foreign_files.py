"""Writers of small foreign files, for the forms that no library at hand writes: xlsb, Excel 2003 XML, docx, ods."""

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

Rows = Sequence[Sequence[str | float]]
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column; rows from 1, columns from 0."""


def write_xlsb(path: Path, rows: Rows, merges: Sequence[Merge] = (), name: str = "名册") -> None:
    """Write a binary workbook (BIFF12) with one sheet."""
    width = max(map(len, rows))
    sheet = [_record(129), _record(148, struct.pack("<4I", 0, len(rows) - 1, 0, width - 1)), _record(145)]
    for number, row in enumerate(rows):
        sheet.append(_record(0, struct.pack("<IIH", number, 0, 300) + bytes(3) + struct.pack("<I", 0)))
        for column, value in enumerate(row):
            head = struct.pack("<II", column, 0)
            if isinstance(value, str):
                sheet.append(_record(6, head + _wide(value)))
            else:
                sheet.append(_record(5, head + struct.pack("<d", value)))
    sheet.append(_record(146))
    if merges:
        sheet.append(_record(177, struct.pack("<I", len(merges))))
        sheet += [_record(176, struct.pack("<4I", a - 1, c - 1, b, d)) for a, b, c, d in merges]
        sheet.append(_record(178))
    sheet.append(_record(130))
    bundle = struct.pack("<II", 0, 1) + _wide("rId1") + _wide(name)
    book = [_record(131), _record(143), _record(156, bundle), _record(144), _record(132)]
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", _relations(office + "/officeDocument", "xl/workbook.bin"))
        archive.writestr("xl/workbook.bin", b"".join(book))
        archive.writestr(
            "xl/_rels/workbook.bin.rels", _relations(office + "/worksheet", "worksheets/sheet1.bin")
        )
        archive.writestr("xl/worksheets/sheet1.bin", b"".join(sheet))


def _record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(data)
    while True:
        more, size_byte = size >> 7, size & 0x7F
        head += bytes([size_byte | (0x80 if more else 0)])
        size = more
        if not size:
            return head + data


def _wide(text: str) -> bytes:
    data = text.encode("utf-16-le")
    return struct.pack("<I", len(data) // 2) + data


def _relations(kind: str, target: str) -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind}" Target="{target}"/></Relationships>'
    )


def spreadsheet_xml(sheets: str, *, doctype: str = "") -> str:
    """Return an Excel 2003 XML workbook around the XML of its sheets."""
    return (
        f'<?xml version="1.0" encoding="GBK"?>\n<?mso-application progid="Excel.Sheet"?>{doctype}\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
        f'xmlns:x="urn:schemas-microsoft-com:office:excel">{sheets}</Workbook>'
    )


def write_docx(path: Path, body: str, *, doctype: str = "") -> None:
    """Write a Word document with the XML of its body, `w` being Word's own namespace."""
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<w:document '
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{body}</w:body></w:document>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)


def word_cell(text: str, properties: str = "") -> str:
    """Return a cell of a Word table; each line is a paragraph of its own."""
    paragraphs = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in text.split("\n"))
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraphs}</w:tc>"


def write_ods(path: Path, rows: str, name: str = "名册", display: str = "true") -> None:
    """Write an OpenDocument workbook with the XML of its columns and rows."""
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        '<office:automatic-styles><style:style style:name="ta1" style:family="table">'
        f'<style:table-properties table:display="{display}"/></style:style></office:automatic-styles>'
        f"<office:body><office:spreadsheet><table:table table:name={quoteattr(name)} "
        f'table:style-name="ta1">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")


def ods_row(*cells: str, properties: str = "") -> str:
    """Return a row of an OpenDocument table."""
    inner = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
        for cell in cells
    )
    return f"<table:table-row {properties}>{inner}</table:table-row>"
