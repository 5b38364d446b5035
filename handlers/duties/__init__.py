"""Duties as coordinators keep them: proposed, confirmed, corrected, moved, closed, handed over."""
