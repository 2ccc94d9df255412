"""Use cases across ledgers: functions that take a reading, a unit of work or a ledger file. May import reports and below."""
