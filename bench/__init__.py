"""Measurements of the product, each beside its floor or a goal: `make bench`. Results go to build/bench as JSON; what the
figures mean is told in docs/figures.md. Nothing here is a test: no run fails because a figure is bad."""
