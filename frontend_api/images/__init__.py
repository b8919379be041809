"""Pictures and their renditions, which are made before readers ask for them.

What others may use:

- `model`: `DeliveredImage`, which an image model inherits, and `BROKEN`
- `form.ReadableImageForm`: an upload form that rejects unreadable files
- `uses`: the uses of images in the settings, and the formats and renditions of each
- `pictures`: images fetched together with their renditions
- `finder`: finds the pictures that objects show; `serialization` registers how
- `renditions`, `tasks`: make what is missing, now or in a worker
- `files`: examines image files
- `receivers`: imported at start-up
"""
