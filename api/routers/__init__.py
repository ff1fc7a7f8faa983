"""The HTTP endpoints. Each is thin: it reads a request, lets one service tell the story, and writes the answer."""
