"""How the lines of a document make paragraphs: page furniture, markers, title lines, joining, clause paths."""
