"""From chapters to a site: the book, its formats, the templates, and publishing in one atomic step."""
