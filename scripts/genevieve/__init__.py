"""Draws the portrait of Genevieve: geometry, skin, features, hair and clothes as one SVG."""
