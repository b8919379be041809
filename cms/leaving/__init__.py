"""Asks, where pages are deleted or unpublished, what readers find at their addresses from then on.

- `views`, `bulk`: what the admin's views and bulk actions of pages do with it
- `forms.LeavingForm`: the question
"""
