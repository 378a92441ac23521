"""Benchmarks: run with `make bench` and `make compare`. No part of the product, and not in the wheel."""
