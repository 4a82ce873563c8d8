"""One live conversation: listen, think, speak, animate, play. Everything it needs is handed in."""
