"""What a change leads to, read from its row by its kind: class, major, level, school or category."""

import re
from dataclasses import dataclass
from typing import Any

_ARROW = re.compile(r"\s*(?:→|->|—>|－>|⇒|=>|至|➜|➔)\s*")
_SCHOOL = re.compile(r"^(?:转往|转入到|转至|转到|由|从)?(.+?)(?:转入|转来)?$")
_WHOLE = re.compile(r"全班|全体|全年级|整班|等\s*\d+\s*[人名]|\d+\s*[人名]$")

TO_CLASS = frozenset({"转班", "留级", "降级", "跳级"})
TO_LEVEL = {"升入高级工班": "高级工", "升入预备技师班": "预备技师(技师)"}
ENTRY = frozenset({"入学", "转入"})
BY_CATEGORY = frozenset({"认定为帮扶对象", "退出帮扶对象"})
ELSEWHERE = frozenset({"转出", "转入"})


@dataclass(slots=True)
class Target:
    """What holds after a change, and what the paper says it was before."""

    class_name: str | None = None
    major: str | None = None
    level: str | None = None
    category: str | None = None
    class_before: str | None = None
    major_before: str | None = None
    level_before: str | None = None
    category_before: str | None = None
    school: str | None = None


def read_target(kind: str, values: dict[str, Any]) -> Target:
    """Return what a row says about before and after."""
    target = Target(
        values.get("class_after"), values.get("major_after"), values.get("level_after") or TO_LEVEL.get(kind),
        values.get("category"), values.get("class_before"), values.get("major_before"), values.get("level_before"),
        None, values.get("other_school"),
    )  # fmt: skip
    text = values.get("before_after")
    if not text:
        return target
    parts = _ARROW.split(text, maxsplit=1)
    before, after = (parts[0] or None, parts[1] or None) if len(parts) == 2 else (None, text)
    if kind in TO_CLASS:
        target.class_name, target.class_before = target.class_name or after, target.class_before or before
    elif kind == "转专业":
        target.major, target.major_before = target.major or after, target.major_before or before
    elif kind in TO_LEVEL:
        target.level_before = target.level_before or before
    elif kind in BY_CATEGORY:
        target.category, target.category_before = target.category or after, before
    elif kind in ELSEWHERE and target.school is None:
        found = _SCHOOL.match(text)
        target.school = found[1] if found else text
    return target


def names_many(text: str, class_names: set[str]) -> bool:
    """Say whether a text stands for a class or a number of people, not for one person."""
    plain = "".join(text.split())
    return bool(_WHOLE.search(plain)) or plain in class_names or plain.removesuffix("班") in class_names
