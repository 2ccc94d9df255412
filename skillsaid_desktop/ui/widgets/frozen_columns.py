"""The first columns of a plain table, laid over it while it is scrolled sideways: who a row is about stays in sight."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView

from skillsaid_desktop.ui.widgets.table_header import ColumnHeader


class FrozenColumns(QTableView):
    """Shows the first columns of `table` with its model and selection; keys stay with the table."""

    def __init__(self, table: QTableView, head: ColumnHeader, number: int) -> None:
        super().__init__(table)
        self._table, self.number = table, number
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusProxy(table)
        self.setModel(table.model())
        self.setSelectionModel(table.selectionModel())
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(table.selectionBehavior())
        self.setSelectionMode(table.selectionMode())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(table.verticalScrollMode())
        self.setHorizontalHeader(head)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(table.verticalHeader().defaultSectionSize())
        for column in range(number, table.model().columnCount()):
            self.setColumnHidden(column, True)
        self.clicked.connect(table.clicked)
        self.doubleClicked.connect(table.doubleClicked)
        table.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(table.verticalScrollBar().setValue)
        table.horizontalScrollBar().valueChanged.connect(self.follow)
        table.horizontalHeader().sectionResized.connect(lambda *_: self.follow())
        table.viewport().installEventFilter(self)
        self.hide()

    def follow(self) -> None:
        """Lay the columns over the table's own, as wide and as high, while it is scrolled sideways."""
        table = self._table
        self.setVisible(table.horizontalScrollBar().value() > 0)
        if not self.isVisible():
            return
        for column in range(self.number):
            self.setColumnWidth(column, table.columnWidth(column))
        self.horizontalHeader().setFixedHeight(table.horizontalHeader().height())
        frame = table.frameWidth()
        height = table.horizontalHeader().height() + table.viewport().height()
        self.setGeometry(frame, frame, self.covered(), height)
        self.verticalScrollBar().setValue(table.verticalScrollBar().value())
        self.raise_()

    def covered(self) -> int:
        """Return how many pixels of the table the columns take."""
        return sum(self._table.columnWidth(column) for column in range(self.number))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.follow()
        return False
