"""The engine's library: it knows how a report becomes a scorecard, and runs without a broker."""
