"""WHAT IS SHOWN: (choice, ledger) → View; no screen, no file."""
