"""Reads pinned snapshots of the lake, builds Gold from them, and answers queries on it."""
