"""`python -m bot.cli`: this module is the same as `nudger`."""

from bot.cli import main

main()
