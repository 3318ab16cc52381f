"""Who there is: this package takes over directories, people files and usage."""
