"""The report: one self-contained HTML file with the timeline and its tables."""
