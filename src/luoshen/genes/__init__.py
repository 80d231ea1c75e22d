"""The vocabulary of genes, and the Profile made of Evidence."""
