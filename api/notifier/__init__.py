"""The notifier: its own process, without any signing key, sends the events of operations to webhooks."""
