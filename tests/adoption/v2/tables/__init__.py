"""In the place of the migrations of Wagtail's test models, which take longer than all others, and than all tests.

Nobody but Wagtail has those. All others are done, with ours among them.
"""
