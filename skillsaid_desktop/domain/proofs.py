"""Kinds of files, and which of them every target student should have (DOMAIN section 5, 材料; section 9, check 11)."""

import re

PROOFS = ("身份证", "户口簿", "认定材料", "申请表", "资助卡")
KINDS = (*PROOFS, "照片", "协议", "证书", "其他")
OTHER = KINDS[-1]
PAPER = "纸质原件"
"""The name of an attachment that has no file: its paper lies in the school."""

_HINTS: tuple[tuple[str, str], ...] = (
    ("身份证", r"身份证|二代证|sfz|idcard"),
    ("户口簿", r"户口|户籍|hkb"),
    ("资助卡", r"资助卡|银行卡|社保卡|一卡通|存折|卡面|卡号|yhk"),
    ("申请表", r"申请|申报表|审批表|sqb"),
    ("认定材料", r"认定|脱贫|建档立卡|贫困|监测对象|低保|五保|特困|残疾|孤儿|烈士|扶贫手册|帮扶手册|明白卡|证明"),
    ("协议", r"协议|合同|知情同意|承诺书"),
    ("证书", r"证书|毕业证|职业资格|等级证|奖状"),
    ("照片", r"照片|相片|证件照|合影|一寸|两寸|(?<![a-z])photo"),
)  # fmt: skip
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
