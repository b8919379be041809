"""Pictures and their renditions, which are made before readers ask for them.

What others may use:

- `models`: `ImageFile`, the table of what is known of files, and `readable`
- `examination`: `examine_image`, which fills it
- `form.ReadableImageForm`: an upload form that rejects unreadable files
- `uses`: the uses of images in the settings, and the formats and renditions of each
- `pictures`: images fetched together with their renditions
- `prepared`: images for the code of a project, with their renditions at hand
- `finder`: finds the pictures that objects show; `serialization` registers how
- `renditions`, `tasks`: make what is missing, now or in a worker
- `files`: examines image files
- `receivers`: imported at start-up
"""
