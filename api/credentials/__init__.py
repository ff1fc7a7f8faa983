"""How people and wallets prove who they are: password hashes, one-time codes, signed messages."""
