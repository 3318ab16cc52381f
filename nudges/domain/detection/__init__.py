"""Groups that fall behind their likes: this package is the weekly look at what groups answered, used and reported.

It is pure: arrays and counts go in, flags in words' reach come out. docs/barriers.md explains the method.
"""
