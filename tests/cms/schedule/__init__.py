"""What goes live and what ends, in the admin."""
