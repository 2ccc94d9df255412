"""The window. It may import everything below but never SQL: it reads through ledgers and services only.

How a page is made
------------------
One class in `ui/pages/NAME_page.py` and one line in `PAGES` of `ui/pages/__init__.py`::

    class DeskPage(Page):
        title = "月末办理"
        entities = frozenset({"student", "status_change"})   # tables whose change makes it stale; empty: any
        follows_month = True                                 # another 统计月 makes it stale
        help_text = "…"                                      # F1

        def __init__(self, session: Session) -> None:
            super().__init__(session)
            self.head.add_act(Button("打印", self.print_out, icon="print"))   # at most one kind="main"
            self.set_body(widget)                  # below head and strip
            self.set_footer(FooterBar("…"))        # optional, after set_body

        def reload(self) -> None: ...              # read anew; called when shown and stale, never by yourself
        def open_with(self, params) -> None: ...   # parameters of session.navigate("desk", {...})
        def status(self) -> tuple[str, ...]: ...   # left parts of the status line; emit status_changed
        def set_room(self, width, height) -> None: ...       # responsive rules
        def fill_more(self, menu) -> None: ...     # acts without a button in the head, under 更多
        # and, where they make sense: export, print_out, import_file, new_record, find_here, main_act

- Build widgets in `__init__` without reading the ledger; read in `reload`.
- What is dear to work out (all checks, all students) is read beside the window: `ReadingBeside` in `reading_beside.py`;
  what was shown stays until the answer arrives, and acts wait for it (see `DeskPage`).
- Reading: `with session.ledger_file.reading() as reading:`. Writing: `with session.ledger_file.operation("填监测 张三")`
  or a service; wrap your own edits in `with session.initiated_by(self):` and the page isn't marked stale by them.
- Short acts: `session.attempt(lambda: …)` shows a UserError. Long work:
  `session.tasks.run("正在导入", work, done=…)`, `work(progress)`; the window shows progress and 停下.
- Questions only through `session.prompts` (tests inject a fake). After success `session.say("已登记：…")` (toast with 撤销).
- `session.month` is the month of all pages, `session.as_of` the day the ledgers are looked at.
- Colours, fonts, icons: `theme.color("stop")`, `theme.font("small")`, `icons.icon("print")`; parts in `ui/widgets/`
  (buttons, text, marks, fields, notices, bars, flow); tables: `widgets/table_view.py` with `models/` for a ledger,
  `widgets/row_table.py` for a list that is read at once, with `pages/list_bar.py` over it where it is a page's own.
- 查找 (Ctrl+K) offers by itself: the buttons in head and footer of the page in sight and its `fill_more`, the pages and
  their `PageAct`s in `PAGES`, the reports, the imports, and what the ledgers' `search` columns find.
- All words pass `tr()`. Nothing has a fixed height that holds text.

The two pages before a ledger is open are plain widgets, because they are painted before anything heavy is imported:

- `ui/pages/unlock_page.py`: `UnlockPage(path: Path, note: str = "")` and `ui/pages/first_run_page.py`:
  `FirstRunPage(prompts: Prompts)`; both have `opened = Signal(object)` (the LedgerFile) and
  `other_wanted = Signal(str)` ("new": make a ledger, "open": choose another file, "restore": choose a backup,
  "demo": the sample school; a path: unlock that file). They import storage inside the slot that needs it.
"""
