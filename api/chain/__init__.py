"""The chain adapter: artifacts, bindings, signing, sending, reading and deploying. Implements the domain's ports."""
