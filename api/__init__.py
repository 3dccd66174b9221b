"""HTTP → State, lake and search: who asks. Run it with `python -m api`."""
