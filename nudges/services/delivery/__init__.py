"""From campaigns to messages: this package plans, sends, settles and mends."""
