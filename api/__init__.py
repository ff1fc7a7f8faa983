"""Cascade: a supply-chain finance network. See docs/architecture.md for what lives where."""

__version__ = "0.1.0"
