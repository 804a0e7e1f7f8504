"""When a craft can be launched, dock and land, and how it flies in between."""
