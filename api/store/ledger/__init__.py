"""chain.db: the read model. Its one writer is the indexer; everybody else reads it through LedgerReader."""
