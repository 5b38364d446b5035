"""Documents in, cited answers out: reading, understanding, search and answering."""
