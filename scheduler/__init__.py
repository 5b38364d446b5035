"""What time brings: the ladder and whom it reaches, reminders planned and sent, how the plan stands and what is reported."""
