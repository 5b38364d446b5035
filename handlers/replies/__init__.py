"""What people say about their duties, and what comes of it: status, obstacles, later days, files."""
