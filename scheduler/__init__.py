"""What time brings: calendar, ladder, planner."""
