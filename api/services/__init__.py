"""The use cases, each told as a story over the ports. No module here knows a chain library, a database or a web framework."""
