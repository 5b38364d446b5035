"""Runs it: settings, command line and composition."""
