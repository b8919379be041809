"""Pictures and their renditions, which are made before readers ask for them.

What others may use:

- `model`: `DeliveredImage`, which an image model inherits, and `BROKEN`
- `form.ReadableImageForm`: the form by which editors upload images that can be read
- `uses`: the uses of images in the settings, and the renditions that each has
- `pictures`: images fetched together with their renditions
- `finder`: which pictures objects show, as whoever represents objects registers it
- `renditions`, `tasks`: make what is missing, now or in a worker
- `files`: what an image file is
- `receivers`: for Django's start-up
"""
