"""The pages of pairs: the list, two records beside each other, the steps."""
