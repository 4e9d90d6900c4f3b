"""What is remembered: the tables, without rules."""
