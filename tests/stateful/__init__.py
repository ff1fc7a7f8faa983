"""A state machine that drives the contracts and the reference model together."""
