"""Charts are worked by the keyboard and read out in words."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ui.widgets.charts import BridgeChart, Mark, MonthsChart, TargetChart

MARKS = (
    Mark(label="上月末", value=130, text="130", key="C0"),
    Mark(label="转出", value=-1, note="李芳娜", key="CO4"),
    Mark(label="本月末", value=129, text="129", key="S1"),
)


def test_arrows_reach_each_mark_and_enter_opens_it(qtbot: QtBot) -> None:
    chart = BridgeChart("为什么是 129 人")
    qtbot.addWidget(chart)
    chart.set_marks(MARKS)
    chart.show()
    opened: list[str] = []
    chart.activated.connect(opened.append)
    qtbot.keyClick(chart, Qt.Key.Key_Down)
    qtbot.keyClick(chart, Qt.Key.Key_Down)
    assert chart.accessibleDescription() == "转出 −1　李芳娜"
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    qtbot.keyClick(chart, Qt.Key.Key_End)
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert opened == ["CO4", "S1"]


def test_charts_paint_few_marks_and_many(qtbot: QtBot) -> None:
    for kind in (BridgeChart, TargetChart, MonthsChart):
        chart = kind()
        qtbot.addWidget(chart)
        chart.resize(280, 200)
        for number in (0, 1, 2, 12):
            chart.set_marks([Mark(label=str(at), value=at * 100, target=1200) for at in range(number)])
            assert not chart.grab().isNull()
