"""Who there is: this package is people, and the rules that tell who is meant."""
