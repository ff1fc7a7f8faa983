"""Everything that checks the product."""
