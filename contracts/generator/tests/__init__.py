"""Run from contracts/generator: python3 -m unittest discover -s tests -t ."""
