"""Reports over cases and steps, one class per file; they never write."""
