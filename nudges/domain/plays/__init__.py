"""What is done about a flag: this module is the package of plays, ours and those of a company's own plays.yaml."""
