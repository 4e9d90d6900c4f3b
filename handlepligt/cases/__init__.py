"""Use cases that write to a case, one verb per file, and the queries that read it."""
