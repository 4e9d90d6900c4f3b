"""Tests of the room that wakes things."""
