"""What the doors are fuzzed with: strategies that make messages, and ways to send them."""
