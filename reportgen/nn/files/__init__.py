"""A user's data file: which files are opened, how each kind is read, and what is wrong with a table."""
