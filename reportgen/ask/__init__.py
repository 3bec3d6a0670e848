"""One question, one answer on a screen: propagate, recommend, and the lists in lines."""
