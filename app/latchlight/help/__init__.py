"""Help that stands in the program: one short article per finding and per refusal. Qt-free."""
