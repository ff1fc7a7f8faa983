"""The dossier: one file that proves a note's story to whoever trusts nothing but hashes of blocks. docs/dossier.md says
what stands in it and what it proves.

`encoding`, `tries`, `document`, `story`, `quotes` and `check` need no node, no database and no server; `gather` writes
what they read."""
