"""What may be seen of groups, and by whom: this module is the package of the rules P1 to P15 of docs/barriers.md."""
