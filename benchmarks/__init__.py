"""How fast the project is, measured against plain PyTorch, the machine's own rate and itself."""
