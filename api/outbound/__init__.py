"""Requests to addresses that others named."""
