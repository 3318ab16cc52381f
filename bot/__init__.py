"""The faces: this package is how Slack, browsers and terminals meet the core."""
