"""The Danish pages, one file per screen."""
