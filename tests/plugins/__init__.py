"""Pytest plugins of this project's own, loaded by pyproject.toml in both environments."""
