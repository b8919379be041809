"""What search engines, feed readers and language models ask for."""
