"""What a salvage brought over and what is missing, in words."""

from skillsaid_desktop.services.history import PLACES
from skillsaid_desktop.storage.salvage import SalvagedTable, SalvageReport

_OWN = {
    "operation": "操作记录", "change": "操作记录的明细", "roster_person": "名册里的人", "register_person": "学籍名册里的人",
    "stored_file": "材料的内容",
}  # fmt: skip
_MOST_RANGES = 5


def describe_salvage(report: SalvageReport) -> list[str]:
    """Return sentences: what came over in all, then table by table what is missing."""
    rows = {each.name: each.rows for each in report.tables}
    told = f"{rows.get('student', 0)} 名学生，{rows.get('status_change', 0)} 条异动，{rows.get('operation', 0)} 步操作记录"
    lines = [f"抢救到“{report.path.name}”：{told}。"]
    if report.is_complete:
        return [*lines, "逐条核对过，没有缺的。原来的文件没有动，请留着。"]
    lines += [_line(each) for each in report.tables if each.lost or each.dropped or each.from_journal]
    return [*lines, "请对照最近的备份和原件补上缺的。原来的文件没有动，请留着。"]


def _line(table: SalvagedTable) -> str:
    title = _OWN.get(table.name) or PLACES.get(table.name, table.name)
    parts = [f"{table.rows:,} 条在"]
    if table.from_journal:
        parts.append(f"其中 {table.from_journal:,} 条按操作记录补回")
    if table.lost:
        ranges = [f"{first}" if first == last else f"{first}—{last}" for first, last in table.lost]
        more = " 等" if len(ranges) > _MOST_RANGES else ""
        parts.append(f"最多缺 {table.lost_count:,} 条（编号 {'、'.join(ranges[:_MOST_RANGES])}{more}）")
    if table.dropped:
        parts.append(f"{table.dropped:,} 条因为所属的人或户没有了，没有留")
    return f"{title}：{'，'.join(parts)}。"
