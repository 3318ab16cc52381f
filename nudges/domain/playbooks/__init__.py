"""What a playbook is: this package is its frozen types, and what a nudge says in each language."""
