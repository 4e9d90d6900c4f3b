"""The JSON API, spoken to over HTTP."""
