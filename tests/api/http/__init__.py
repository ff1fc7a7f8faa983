"""The HTTP API against a real chain, index, worker and database."""
