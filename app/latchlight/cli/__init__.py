"""The command line: parses, calls a checkup, renders a report. Never loads Qt."""
