"""The book as a folder that another publishing system builds: its pages, its configuration and what they show."""
