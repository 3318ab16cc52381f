"""Help with writing playbooks: this package is templates, usual shape, schema and guidance for editors."""
