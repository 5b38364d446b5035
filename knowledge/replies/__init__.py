"""One file a kind of answer; each gives an Answer, or None when its facts are not there."""
