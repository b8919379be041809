"""The demo site: an app of the local settings alone, so that no other installation has its accounts or content."""
