"""The icons: each that the code names lies there, and none lies there that nobody needs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import skillsaid_desktop
from skillsaid_desktop.paths import resource_path
from skillsaid_desktop.ui import icons

SOURCES = sorted((Path(skillsaid_desktop.__file__).parent / "ui").rglob("*.py"))
SOURCES.append(Path(skillsaid_desktop.__file__).parent / "ledgers" / "timeline.py")
DRAWN = {path.stem for path in resource_path("icons").glob("*.svg")} - {"skillsaid"}

# The table of entries and acts in the design, for pages that are still to come.
ENTRIES = """
    desktop people home_person person_swap notepad clipboard_text_edit people_community clipboard_task_list_ltr
    people_team hat_graduation briefcase building arrow_import arrow_export shield_checkmark money receipt_money
    wallet_credit_card megaphone arrow_swap document_table send settings form certificate person_arrow_right
    arrow_undo arrow_redo eye eye_off lock_closed
"""
# Acts of pages that are being made: 粘贴表格, 去填写, 加成员, 选文件.
ACTS = "clipboard_paste edit person_add document"
DESIGNED = {*ENTRIES.split(), *ACTS.split()}
# Which argument of a call is an icon's name.
PLACES = {"Icon": 0, "IconButton": 0, "icon": 0, "pixmap": 0, "set_icon": 0, "PageEntry": 2, "paint": 2}


def _texts(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


def _called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in PLACES and len(node.args) > PLACES[name]:
            yield from _texts(node.args[PLACES[name]])
        for keyword in node.keywords:
            if keyword.arg == "icon":
                yield from _texts(keyword.value)


def _in_tables(tree: ast.Module) -> Iterator[str]:
    """Yield the texts of the dicts that a module begins with: icons by kind."""
    for node in tree.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if isinstance(value, ast.Dict):
            for each in value.values:
                yield from (text for one in ast.walk(each) for text in _texts(one))


TREES = [ast.parse(path.read_text("utf-8")) for path in SOURCES]
CALLED = {name for tree in TREES for name in _called(tree)}
SAID = {text for tree in TREES for node in ast.walk(tree) for text in _texts(node)}
TABLES = {text for tree in TREES for text in _in_tables(tree)}


def test_every_icon_that_the_code_names_lies_there() -> None:
    assert {"print", "chevron_down", "desktop"} <= CALLED
    assert sorted(CALLED - DRAWN) == []
    assert sorted(DESIGNED - DRAWN) == []


def test_no_icon_lies_there_unused() -> None:
    # A word like "link" is said for other things too; a name of several words is an icon wherever it is said.
    used = CALLED | (TABLES & DRAWN) | {name for name in SAID & DRAWN if "_" in name}
    assert sorted(DRAWN - used - DESIGNED) == []


def test_what_is_copied_from_the_package_is_what_lies_there() -> None:
    script = (Path(skillsaid_desktop.__file__).parent.parent / "installer" / "build_icons.py").read_text(
        "utf-8"
    )
    listed = re.search(r'DRAWINGS = """(.*?)"""', script, re.DOTALL)
    assert listed
    assert sorted(listed[1].split()) == sorted(DRAWN)


def test_an_icon_that_does_not_exist_is_a_bug_and_no_empty_picture() -> None:
    with pytest.raises(FileNotFoundError):
        icons.pixmap("no_such_icon", 16, "text2", 1.0)
