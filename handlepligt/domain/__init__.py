"""Pure rules: vocabulary, duty, deadlines, transitions, escalation and access."""
