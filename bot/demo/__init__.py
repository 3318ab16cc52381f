"""The people of the demo: this module is the package of personas, colleagues and what they do as time goes by."""
