"""A small Slack on loopback for newcomers, authors and tests: this package is the sandbox.

`workspace.Slack` is the engine, in process and free of any network; `server.SandboxServer` puts it behind Slack's own
protocols and a web page. Nothing in here imports the rest of the application.
"""
