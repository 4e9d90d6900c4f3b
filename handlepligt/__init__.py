"""The Handlepligt application: commands, use cases, pages and everything that starts them."""
