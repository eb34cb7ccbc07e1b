"""Imports: one reader for tables and vector files, one row-by-row report, and what is built on them."""
