"""The demo's story: a cast of parties, and the acts by which credit flows down and cash comes back up."""
