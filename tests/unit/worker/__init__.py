"""The worker against a chain that lives in memory."""
