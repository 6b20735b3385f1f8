"""The benchmark: `make bench`. It is part of the repository, not of what is installed."""
