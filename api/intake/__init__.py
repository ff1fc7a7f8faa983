"""Invoices and ledgers in: from files to items with fingerprints, or to refusals that name the line or element."""
