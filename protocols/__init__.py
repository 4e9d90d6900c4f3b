"""What must be done: protocol definitions as data, and the pure kernel that reads them."""
