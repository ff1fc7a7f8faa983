"""The chain layer and the worker on real anvil and ganache."""
