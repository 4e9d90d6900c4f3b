"""The web application: pages for staff and the JSON interface."""
