"""The use cases, each told as a story over the ports. Nothing here knows a chain, a database or a web library."""
