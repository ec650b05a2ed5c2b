"""The database server, its roles, and how to connect to it."""
