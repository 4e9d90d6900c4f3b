"""The JSON interface over the same use cases as the pages."""
