"""The chain adapter without a chain."""
