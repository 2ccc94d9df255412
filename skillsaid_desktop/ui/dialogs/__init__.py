"""Dialogs with a body of their own; each is shown through `Prompts.run`."""
