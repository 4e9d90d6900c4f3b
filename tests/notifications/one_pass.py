"""One pass of the dispatcher in a process of its own, for a test to kill: url, port of the server, now."""

import asyncio
import sys
from datetime import datetime

from models.session import make_engine
from notifications.dispatch import dispatch_due
from tests.notifications.mail_servers import mail_settings

if __name__ == "__main__":
    url, port, now = sys.argv[1:]
    settings = mail_settings(smtp_port=int(port))
    asyncio.run(dispatch_due(make_engine(url), settings, lambda: datetime.fromisoformat(now)))
