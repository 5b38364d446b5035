"""Conversations and use cases, the same on every channel: one use case a file."""
