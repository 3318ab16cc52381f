"""Block Kit: this package is where values become what Slack shows, and nothing else happens."""
