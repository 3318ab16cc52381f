"""What is said about a playbook: this package is its findings, from broken parts to advice on words."""
