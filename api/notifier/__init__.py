"""The notifier: its own process, without any signing key, carries what the chain took back into the events, and sends events to
webhooks."""
