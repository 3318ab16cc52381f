"""From text to values: this package reads a file into nodes and nodes into playbooks, with every fault at its place."""
