"""Tests of the verbs, on SQLite and on PostgreSQL."""
