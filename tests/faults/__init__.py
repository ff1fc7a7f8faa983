"""Fault rounds: every process killed while clients work, and what they count afterwards. `make faults`."""
