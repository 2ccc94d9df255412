"""Table models: they hold ids and fetch rows in chunks."""
