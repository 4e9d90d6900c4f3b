"""Versions of protocols: drafted by one person, published by another, and the moves of cases between them."""
