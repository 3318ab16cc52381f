"""The sandbox's page in a real Chromium: this module makes the folder a package."""
