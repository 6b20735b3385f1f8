"""The benchmark of live demos: `make bench-live`."""
