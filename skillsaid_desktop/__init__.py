"""SkillsAid 技能帮扶台账: the student-aid ledger of one technical school, offline.

The tree, from the bottom up; a package imports only from what stands above it in this list:

errors, progress, paths, replacing, clock, collector    the few things that everything may use
schema      fields, their types, issues, records: the shared vocabulary of rows and cells
policy      rules as dated data, read from resources/policy and copied into each ledger
documents   papers before they have a format
domain      what the school means: entities, status as events, months
storage     the only place that opens a ledger file: keys, journal, undo, backup
importers   foreign files into raw rows that remember their cells
exporters   a Document as xlsx or pdf
ledgers     one file per ledger: columns, listing, and the one writer of its rows
figures     one file per block of the monthly figures, each with its people
checks      one file per subject, returning issues
follow_ups  what is still to be done for whom (待办), derived; one function per kind
reports     one file per report: parameters in, Document out
services    use cases across ledgers
ui          the window
app, cli    the two ways in
"""

__version__ = "0.1.0"
