"""The words of each list, and what other offices write for them, dated."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

# Lists that rules lean on by name: their values are code, their synonyms are policy (DOMAIN section 4).
FIXED: dict[str, tuple[str, ...]] = {
    "state": ("在读", "实习", "休学", "保留学籍", "毕业", "结业", "退学", "转出", "开除", "注销", "死亡"),
    "change_kind": (
        *("入学", "转入", "复学", "休学", "参军保留学籍", "恢复学籍", "岗位实习", "实习结束"),
        *("退学", "转出", "毕业", "结业", "开除", "注销", "死亡"),
        *("转专业", "转班", "留级", "降级", "跳级", "延长休学", "升入高级工班", "升入预备技师班", "信息更正"),
    ),
    "level": ("中级工", "高级工", "预备技师(技师)"),
    "difficulty": ("无", "一般", "较重", "紧急"),
    "document_kind": ("居民身份证", "残疾人证", "军官证", "其他"),
    "sex": ("男", "女"),
    "applicant_kind": ("应届", "往届"),
    "entry_kind": ("入学", "转入"),
    "yes_no": ("是", "否"),
    "proof": ("有", "纸质", "缺"),
}

# Understood on import and never offered: they follow from the hardship rows.
DERIVED_KINDS = ("认定为帮扶对象", "退出帮扶对象")

_TICKS = str.maketrans("", "", "√✓✔☑·*")


def fold_word(text: str) -> str:
    """Return `text` for comparison: one width, no blanks, ticks or invisible characters, no case."""
    folded = unicodedata.normalize("NFKC", text)
    folded = folded.translate(_TICKS) or folded  # "√无" is 无; a tick alone is a word of its own
    kept = (
        character
        for character in folded
        if not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc")
    )
    return "".join(kept).casefold()


@dataclass(frozen=True)
class Synonym:
    """What a word of another office means, from one day to another (both included; None is open)."""

    word: str
    means: str
    from_on: date | None = None
    to_on: date | None = None

    def holds(self, on: date) -> bool:
        """Tell whether the synonym is in force on `on`."""
        return (self.from_on is None or self.from_on <= on) and (self.to_on is None or on <= self.to_on)


@dataclass(frozen=True)
class Value:
    """A value of a list and the years in which a form offers it."""

    name: str
    from_on: date | None = None
    to_on: date | None = None

    def holds(self, on: date) -> bool:
        """Tell whether a form offers the value on `on`."""
        return (self.from_on is None or self.from_on <= on) and (self.to_on is None or on <= self.to_on)


@dataclass(frozen=True)
class Vocabulary:
    """One list with its synonyms; `is_free` lists accept any text."""

    name: str
    values: tuple[Value, ...]
    synonyms: tuple[Synonym, ...] = ()
    understood: tuple[str, ...] = ()
    is_free: bool = False

    @cached_property
    def _by_fold(self) -> dict[str, str]:
        names = [*(value.name for value in self.values), *self.understood]
        return {fold_word(name): name for name in names}

    @cached_property
    def _synonyms_by_fold(self) -> dict[str, list[Synonym]]:
        found: dict[str, list[Synonym]] = {}
        for synonym in self.synonyms:
            found.setdefault(fold_word(synonym.word), []).append(synonym)
        return found

    def offered(self, on: date) -> tuple[str, ...]:
        """Return what a form offers on `on`, in order."""
        return tuple(value.name for value in self.values if value.holds(on))

    def resolve(self, text: str, on: date) -> str | None:
        """Return the value that `text` means on `on`, "" if it says that there is none, None if unknown.

        A dated synonym goes before the word itself: 建档立卡贫困户 in a row that begins in 2023 is 脱贫户.
        """
        key = fold_word(text)
        for synonym in self._synonyms_by_fold.get(key, ()):
            if synonym.holds(on):
                return synonym.means
        value = self._by_fold.get(key)
        if value is not None:
            return value
        return unicodedata.normalize("NFKC", text).strip() if self.is_free and key else None


@dataclass(frozen=True)
class PolicyWords:
    """The vocabularies in force on one day; a `Words` of the schema layer."""

    vocabularies: Mapping[str, Vocabulary]
    on: date

    def values(self, vocabulary: str) -> Sequence[str]:
        """Return what a form offers, in order; an unknown list is empty."""
        found = self.vocabularies.get(vocabulary)
        return found.offered(self.on) if found else ()

    def resolve(self, vocabulary: str, text: str) -> str | None:
        """Return the value that `text` means (itself, or by synonym), or None if unknown."""
        found = self.vocabularies.get(vocabulary)
        return found.resolve(text, self.on) or None if found else None
