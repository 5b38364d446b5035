"""How the plan stands: counts, the picture, the report that is made every two weeks."""
