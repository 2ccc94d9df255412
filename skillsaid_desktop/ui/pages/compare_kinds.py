"""What 名册比对 says of each kind of roster: poverty registers, training real-name register, school register."""

from collections.abc import Mapping
from dataclasses import dataclass

from skillsaid_desktop.ledgers.comparison import KIND_TITLES, OUTCOME_WORDS, Comparison, Outcome
from skillsaid_desktop.ledgers.school_register import SCHOOL


@dataclass(frozen=True, kw_only=True)
class ComparedKind:
    """`imports`: the page that takes such a roster, with its parameters; `moves`: words for who came, went, changed;
    `later`: what the third answer is called, and the remark that is kept with it.
    """

    kind: str
    import_title: str
    imports: tuple[str, Mapping[str, object]]
    empty: str
    nobody: Mapping[Outcome, str]
    what_next: Mapping[Outcome, str]
    moves: tuple[str, str, str] = ("新列入", "移出", "类别变了")
    later: tuple[str, str] = ("问村里，先放着", "等村里答复")

    @property
    def title(self) -> str:
        """The kind in a word."""
        return KIND_TITLES[self.kind]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Return the tabs, in their order."""
        return tuple(OUTCOME_WORDS[self.kind])

    def facts_of(self, found: Comparison) -> str:
        """Say what is compared with what."""
        people = sum(each.people for each in found.rosters)
        if self.kind == SCHOOL:
            roster = found.rosters[0]
            return f"学生台账 对 {roster.file}　截至 {roster.as_of}　{people:,} 人"
        offices = "、".join(each.office for each in found.rosters)
        return f"学生台账 对 {offices}的名册　{people:,} 人"


_NOBODY = {
    Outcome.SAME: "名册里没有和台账完全一致的学生。",
    Outcome.PROBABLE: "没有要判的人。",
    Outcome.DIFFERS: "对上的人，两边内容都一样。",
    Outcome.ONLY_IN_POVERTY: "名册里的学生，学校都登记了。",
    Outcome.ONLY_IN_SCHOOL: "学校登记的帮扶对象，名册里都有。",
}
_DIFFERS = "请对照原件：学校登记错了就打开学生改，名册错了就写进差异清单告诉对方。"

KINDS: tuple[ComparedKind, ...] = (
    ComparedKind(
        kind="poverty",
        import_title="导入新名册",
        imports=("roster_import", {"kind": "poverty-roster"}),
        empty="把县里发来的脱贫户、监测户花名册原样导进来，就知道谁该登记、谁登记错了。",
        nobody=_NOBODY,
        what_next={
            Outcome.DIFFERS: _DIFFERS,
            Outcome.ONLY_IN_SCHOOL: "请向县里核实：名册漏了，还是学校登记错了。差异清单里会列出来。",
        },
    ),
    ComparedKind(
        kind="training",
        import_title="导入培训名册",
        imports=("roster_import", {"kind": "training-roster"}),
        empty="把培训实名制系统导出的名单原样导进来，就知道哪些在校学生也在培训名册里。",
        nobody={**_NOBODY, Outcome.SAME: "培训名册里没有本校学生。"},
        what_next={
            Outcome.SAME: "在校学生出现在培训名册里：请核对是不是真的参加了，全日制学生不能重复享受培训补贴。",
            Outcome.DIFFERS: _DIFFERS,
        },
        later=("问对方，先放着", "等对方答复"),
    ),
    ComparedKind(
        kind=SCHOOL,
        import_title="导入学籍名册",
        imports=("import", {"kind": "students"}),
        empty="导入整份学籍名册时，会按截至的日子另外留下一份；以后在这里看台账和它差在哪里、和上一份比变了谁。",
        nobody={
            **_NOBODY,
            Outcome.ONLY_IN_REGISTER: "学籍名册里的人，台账里都有。",
            Outcome.ONLY_IN_SCHOOL: "台账里的在籍学生，学籍名册里都有。",
        },
        what_next={
            Outcome.DIFFERS: "台账错了就打开学生改；学籍系统还没办的，办好以后再导一份新名册。",
            Outcome.ONLY_IN_REGISTER: "导入时没有收下的行在“待处理”里，答复以后就进台账。",
            Outcome.ONLY_IN_SCHOOL: "确实离校的，打开学生登记异动；没有离校的，请到学籍系统补上。",
        },
        moves=("新进名册", "不在名册了", "有变动"),
    ),
)


def kind_named(name: str) -> ComparedKind:
    """Return the kind of this name; KeyError if there is none."""
    return {each.kind: each for each in KINDS}[name]
