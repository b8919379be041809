"""The project's models in an admin that is Wagtail's alone: nothing of ours hears of what is saved."""
