"""The Prefect flow of a concern; the only room that knows Prefect."""
