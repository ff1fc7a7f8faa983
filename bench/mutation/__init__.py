"""Mutation testing of contracts/: small faults put in one at a time, and the tests that find each. See docs/mutation.md."""
