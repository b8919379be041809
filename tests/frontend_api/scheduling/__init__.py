"""What is published and expires at a time."""
