"""Tests: one promise each, through the outermost door that is practical."""
