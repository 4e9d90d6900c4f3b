"""Ways a message can reach a member of staff, one channel per file."""
