"""How fast we are beside what a user would pick instead: one file for each comparison.

Whatever is compared takes turns on the same documents in one run, so that what else the machine does weighs
on all alike; ratios are taken within a round, and their medians are what may be compared between machines.
"""
