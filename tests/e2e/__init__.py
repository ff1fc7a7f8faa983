"""The product as its users start it: whole processes, from outside."""
