"""A fictional but plausible Serbia for demonstrations, tests and benchmarks."""
