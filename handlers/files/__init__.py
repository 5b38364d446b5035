"""Files that people send: what each is, told by its bytes; under which name it is kept; what is turned away, and why."""
