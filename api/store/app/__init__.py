"""app.db: operations under way, quotes not yet taken, names, imported items. Dropping the
read model loses none of it."""
