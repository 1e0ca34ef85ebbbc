"""Measurements. Each prints ratios to something measured in the same run; none is a test."""
