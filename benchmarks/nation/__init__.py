"""How the program bears a whole country: what it costs in room, time and memory, beside other ways to the figures."""
