"""The product against real chains and databases."""
