"""Measures dev servers: from a saved file to changed text in Chromium, beside other generators' servers on the same posts."""
