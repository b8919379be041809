"""A project as strangers write them, with the delivery API added and none of its models changed."""
