"""Made-up cases that show every status. Nobody in them exists."""

from handlepligt.demo.people import PASSPHRASE
from handlepligt.demo.play import demo_logins, fill_demo

__all__ = ["PASSPHRASE", "demo_logins", "fill_demo"]
