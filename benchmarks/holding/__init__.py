"""Does it hold? Many readers at once over the real protocol while reports are loaded and things go wrong on purpose."""
