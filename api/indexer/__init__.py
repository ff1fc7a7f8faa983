"""The indexer: its own process, and the only writer of the read model. Fetch, decode, one small handler per event,
commit."""
