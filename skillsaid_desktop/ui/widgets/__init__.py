"""The parts that pages are made of (DESIGN section 6). They know the theme and Qt, never a ledger."""
