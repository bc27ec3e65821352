"""Pages of casework: translation to and from HTTP, nothing else."""
