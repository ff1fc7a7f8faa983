"""Tests of the contracts, on anvil and on ganache, beside the reference model."""
