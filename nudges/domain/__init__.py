"""Values in, decisions out: this package is free of files, SQL, network, clock and randomness."""
