"""Kinds of files, and which of them every target student should have (DOMAIN section 5, 材料; section 9, check 11)."""

import re

PROOFS = ("身份证", "户口簿", "认定材料", "申请表", "资助卡")
KINDS = (*PROOFS, "照片", "协议", "证书", "其他")
OTHER = KINDS[-1]
PAPER = "纸质原件"
"""The name of an attachment that has no file: its paper lies in the school."""

_HINTS: tuple[tuple[str, str], ...] = (
    ("身份证", r"身份证|二代证|sfz|idcard"),
    ("户口簿", r"户口[簿本薄]?|户籍|hkb"),
    ("资助卡", r"资助卡|银行卡|社保卡|一卡通|存折|卡面|卡号|yhk"),
    ("申请表", r"申请[表书]?|申报表|审批表|sqb"),
    (
        "认定材料",
        r"认定[材表书]?料?|脱贫户?|建档立卡户?|贫困[户生]?|监测对象|低保[户证]?|五保户?|特困|残疾证?|孤儿|烈士"
        r"|扶贫手册|帮扶手册|明白卡|(?:收入|家庭|村委会?|居委会?)证明",
    ),
    ("协议", r"协议|合同|知情同意|承诺书"),
    ("证书", r"证书|毕业证书?|职业资格证?|等级证书?|奖状"),
    ("照片", r"照片|相片|证件照|合影|一寸|两寸|(?<![a-z])photo"),
)  # fmt: skip
_BESIDE = (
    r"正反面|[正反]面|人像面|国徽面|首页|本人页|户主页|增减页|复印件|扫描件?|原件|图片|电子版|副本|补交|证明|材料|资料|学生|同学|本人"
    r"|家庭经济困难|学年|学期|年级"
)
"""What stands beside names and kinds and says neither whose a file is nor what."""
WORDS = re.compile("|".join([*(pattern for _kind, pattern in _HINTS), _BESIDE]), re.IGNORECASE)
"""Every word of a file's name that is nobody's name."""
LITTLE_WORDS = re.compile(r"[年月日级班第页的和及与新正反上下学期份]")
"""Characters that say nothing by themselves; they may stand in names, too."""
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _HINTS)


def kind_of_name(text: str) -> str | None:
    """Return the kind that a file's or folder's name speaks of, None if it says nothing.

    The word furthest to the right counts: 贫困生申请表 is an application, 资助卡和身份证 the last thing named.
    """
    found = [
        (match.end(), -order, kind)
        for order, (kind, pattern) in enumerate(_PATTERNS)
        for match in pattern.finditer(text)
    ]
    return max(found)[2] if found else None
