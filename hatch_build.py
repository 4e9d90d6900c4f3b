"""Builds the page assets: the design system and htmx, fetched by lock and copied into the package."""
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetBuildHook(BuildHookInterface):
    """Fills handlepligt/web/static/vendor before a wheel is packed."""
