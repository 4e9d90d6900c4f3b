"""How staff are told: messages, recipients, the outbox and its dispatch."""
