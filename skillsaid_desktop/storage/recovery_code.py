"""The recovery code: the data key written so that a person can copy it from paper and type it again.

52 letters and digits carry the 256 bits of the key (four to spare), in 13 groups of four; the 14th group checks
the others. The check is a Reed-Solomon code over pairs of characters, so it finds every mistake within two
pairs and tells in which group a single wrong pair stands.
"""

import re
import unicodedata

from skillsaid_desktop.errors import UserError

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0, 1
GROUP = 4
GROUPS = 13
_PAIRS = GROUPS * GROUP // 2
_POLYNOMIAL = 0b10000001001  # x^10 + x^3 + 1, primitive over GF(2)


def _times(left: int, right: int) -> int:
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 0x400:
            left ^= _POLYNOMIAL
        right >>= 1
    return product


def _powers(count: int) -> list[int]:
    powers = [1]
    while len(powers) < count:
        powers.append(_times(powers[-1], 2))
    return powers


_WEIGHTS = _powers(_PAIRS + 1)


def _checks(pairs: list[int]) -> tuple[int, int]:
    plain = weighted = 0
    for value, weight in zip(pairs, _WEIGHTS[1:], strict=True):
        plain ^= value
        weighted ^= _times(value, weight)
    return plain, weighted


def write_code(key: bytes) -> str:
    """Return the recovery code of a data key, groups parted by hyphens."""
    number = int.from_bytes(key, "big") << 4
    pairs = [(number >> (10 * (_PAIRS - 1 - index))) & 0x3FF for index in range(_PAIRS)]
    text = "".join(ALPHABET[pair >> 5] + ALPHABET[pair & 31] for pair in (*pairs, *_checks(pairs)))
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def read_code(text: str) -> bytes:
    """Return the data key of a typed recovery code; UserError names the group that is mistyped."""
    groups = _groups(text)
    for number, group in enumerate(groups, 1):
        for letter in group:
            if letter not in ALPHABET:
                raise UserError(
                    f"恢复码第 {number} 组“{group}”里有“{letter}”，恢复码里没有这个字。",
                    "恢复码只用 2—9 和除 I、O 以外的大写字母，请对照打印的那张纸。",
                )
        if len(group) != GROUP:
            raise UserError(
                f"恢复码第 {number} 组“{group}”有 {len(group)} 个字，应为 {GROUP} 个。",
                "请对照打印的那张纸改正这一组。",
            )
    if len(groups) != GROUPS + 1:
        raise UserError(
            f"恢复码应有 {GROUPS + 1} 组，每组 {GROUP} 个字，现在是 {len(groups)} 组。",
            "请对照打印的那张纸补全。",
        )
    letters = "".join(groups)
    values = [
        ALPHABET.index(letters[at]) << 5 | ALPHABET.index(letters[at + 1]) for at in range(0, len(letters), 2)
    ]
    pairs, (plain, weighted) = values[:_PAIRS], (values[_PAIRS], values[_PAIRS + 1])
    expected_plain, expected_weighted = _checks(pairs)
    _check(plain ^ expected_plain, weighted ^ expected_weighted)
    number = 0
    for pair in pairs:
        number = number << 10 | pair
    if number & 0xF:
        raise UserError("恢复码第 13 组不对。", "请对照打印的那张纸改正这一组。")
    return (number >> 4).to_bytes(32, "big")


def _groups(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).upper().strip()
    groups = [group for group in re.split(r"[\s\-—–_,，、.]+", plain) if group]
    if len(groups) == 1:  # typed in one go
        whole = groups[0]
        groups = [whole[at : at + GROUP] for at in range(0, len(whole), GROUP)]
    return groups


def _check(plain: int, weighted: int) -> None:
    """Raise UserError unless both syndromes are zero; a single wrong pair is located."""
    if not plain and not weighted:
        return
    if not plain or not weighted:
        raise UserError(f"恢复码第 {GROUPS + 1} 组（校验组）和前面的对不上。", "请从头对照一遍，再输一次。")
    for position, weight in enumerate(_WEIGHTS[1:]):
        if _times(plain, weight) == weighted:
            group = position * 2 // GROUP + 1
            raise UserError(f"恢复码第 {group} 组可能抄错了。", "请对照打印的那张纸改正这一组。")
    raise UserError("恢复码有不止一处抄错。", "请对照打印的那张纸，从头再输一次。")
