"""Plan, fly and stress-test integrated crewed flights to a space station."""

__version__ = "0.1.0"
