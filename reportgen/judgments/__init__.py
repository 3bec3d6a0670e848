"""What the tables say: verdicts, choices, outcomes, estimates, and theory beside measurement. Nothing here draws."""
