"""One-to-one help in the sample school: leaders who talk to their students, one who is slack, one who hands over."""

import random
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from skillsaid_desktop import clock
from skillsaid_desktop.domain.months import Period
from skillsaid_desktop.ledgers import CONTACTS, Ledger
from skillsaid_desktop.services.pairings import (
    Leader,
    PairingStanding,
    end_pairings,
    hand_over,
    pair_students,
    pairings_on,
)
from skillsaid_desktop.storage import LedgerFile

Row = dict[str, Any]
Store = Callable[[Ledger, Iterable[Row], date, str], None]

_EACH = 10
"""Students of a leader."""
_DAY = timedelta(days=1)
_HANDS_OVER, _SLACK = 1, 3
"""Places in the list of who leaves in the tenth month, and of who talks to few of his students."""
_HAND_OVER_MONTH = 9


class SampleHelp:
    """What leaders do, month by month; it has a chance of its own, so that nobody else's life changes with it."""

    def __init__(self, ledger_file: LedgerFile, words: Mapping[str, Any], store: Store) -> None:
        self._ledger_file = ledger_file
        self._words = words
        self._store = store
        self._random = random.Random("结对")
        self._all = [Leader(name=name, post=post, phone=phone) for name, post, phone in words["leaders"]]
        self._leaders = self._all[:-1]

    def live(self, number: int, period: Period, *, is_last: bool) -> None:
        """Let a month pass: pair, end what has ended, hand over, talk; all written on its last day but one."""
        day = period.to_on - _DAY
        with clock.pretending(day):
            if number == 0 or period.month[5:] == "09":
                self._pair(period)
            if not is_last:
                self._end(day)
            if number == _HAND_OVER_MONTH:
                self._hand_over(period)
            self._talk(period, is_last=is_last)

    def _pair(self, period: Period) -> None:
        """Give each leader students up to his number, those of the paired counties first."""
        on = period.from_on + 14 * _DAY
        with self._ledger_file.reading() as reading:
            found = pairings_on(reading, period.to_on - _DAY)
        waiting = [each.student_id for each in found.unpaired]
        for leader in self._leaders:
            load = found.load_of(leader.name)
            room = _EACH - (len(load.pairings) if load else 0)
            if room > 0 and waiting:
                pair_students(self._ledger_file, waiting[:room], leader, on)
                waiting = waiting[room:]

    def _end(self, day: date) -> None:
        with self._ledger_file.reading() as reading:
            gone = [each.id for each in pairings_on(reading, day).pairings if not each.is_enrolled]
        if gone:
            end_pairings(self._ledger_file, gone, day, "学生离校")

    def _hand_over(self, period: Period) -> None:
        leaver = self._leaders[_HANDS_OVER]
        successors = [self._all[-1], self._leaders[_HANDS_OVER + 1]]
        hand_over(self._ledger_file, leaver.name, successors, period.from_on + 9 * _DAY, "工作调动")
        self._leaders = [each for each in self._all if each is not leaver]

    def _talk(self, period: Period, *, is_last: bool) -> None:
        with self._ledger_file.reading() as reading:
            pairings = pairings_on(reading, period.to_on - _DAY).pairings
        slack = self._all[_SLACK].name
        rows = []
        for each in sorted(pairings, key=lambda one: one.id):
            likely = 0.35 if each.leader == slack else 0.92
            if each.is_enrolled and self._random.random() < likely:
                rows.append(self._contact(each, period, is_last=is_last))
        self._store(CONTACTS, rows, period.to_on - _DAY, f"导入帮扶记录 {len(rows)} 次")

    def _contact(self, pairing: PairingStanding, period: Period, *, is_last: bool) -> Row:
        chance, words = self._random, self._words
        first = max(period.from_on + _DAY, pairing.paired_on)
        on = first + chance.randrange(max(1, (period.to_on - 2 * _DAY - first).days)) * _DAY
        talks = words["help_talks"]
        talk = chance.choices(talks, [each["often"] for each in talks])[0]
        form = chance.choice(("面谈", "面谈", "面谈", "电话", "家访", "座谈", "微信"))
        row: Row = {
            "student_name": pairing.student,
            "document_number": pairing.document_number,
            "leader": pairing.leader,
            "contacted_on": on,
            "form": form,
            "situation": chance.choice(talk["situations"]),
            "difficulties": talk["difficulty"],
        }
        if form in words["help_places"]:
            row["place"] = chance.choice(words["help_places"][form])
        if "measures" not in talk:
            return row
        way = chance.choice(talk["measures"])
        row |= {"measure": way["measure"], "due_on": on + chance.randrange(10, 25) * _DAY}
        if way.get("costs"):
            row["amount_fen"] = chance.choice((20_000, 30_000, 50_000))
        if not is_last:
            row |= {"result": way["result"], "effect": chance.choice(words["help_effects"])}
        else:
            row["next_plan"] = "下月再谈一次"
        return row
