"""Tests, room by room as the code is laid out."""
