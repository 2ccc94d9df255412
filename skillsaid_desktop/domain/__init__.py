"""What the school means: entities and pure rules. May import policy, schema and below; no session, no Qt."""
