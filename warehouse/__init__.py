"""WHAT IS KEPT: tables, fields, periods, snapshots."""
