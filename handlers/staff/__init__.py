"""Who is there to be reminded: focal points and substitutes, who is away, who has left, who cannot be reached."""
