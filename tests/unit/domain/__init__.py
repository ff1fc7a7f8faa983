"""The domain's texts and tables."""
