"""WHO MAY: readers and their roles, accounts, sessions, and the gate before every address."""
