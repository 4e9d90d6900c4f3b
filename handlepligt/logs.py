"""How every process writes its log: one line an event, to standard error, with ids and never with content."""

import logging
import sys

import structlog


def configure_logs() -> None:
    """Sends structlog's events and the libraries' warnings to standard error in one form. Safe to repeat."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    line = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "logger", "event"])
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                line,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for room in ("handlepligt", "flows", "models", "notifications", "protocols"):
        logging.getLogger(room).setLevel(logging.INFO)
