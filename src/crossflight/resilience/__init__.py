"""What a plan withstands: losses one at a time, groundings, slips, and years of bad luck."""
