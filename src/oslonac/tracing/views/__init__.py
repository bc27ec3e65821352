"""Pages of tracing, and nothing else."""
