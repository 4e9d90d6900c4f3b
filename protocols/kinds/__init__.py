"""The kinds of thing a protocol definition can contain, one class per file."""
