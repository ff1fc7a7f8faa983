"""Databases: app.db (what is not on chain) and chain.db (the read model). Only repositories hold SQL."""
