"""The worker: its own process, takes operations out of the box, signs each once, sends it and follows it to its end."""
