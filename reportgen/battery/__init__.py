"""How work runs: cells, experiments, engines, cache and result tables. Nothing here knows what a network is."""
