"""Telegram: what its Bot API takes and gives."""
