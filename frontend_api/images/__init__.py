"""Pictures and their renditions, which are made before readers ask for them.

What others may use:

- `models`: `ImageFile`, the table of what is known of files, `RetiredFile`, and `readable`
- `examination`: `examine_image`, which fills it
- `storing`: `put_stored_in_order`; what is stored anew is put in order by `receivers`
- `form.ReadableImageForm`: an upload form that rejects unreadable files
- `problems`: why readers never see an image, as sentences for editors
- `report`: `BrokenImagesReport` and `BrokenImagesItem`, the images that readers never see, for the admin
- `retired`: files that were replaced, kept for as long as caches may name them
- `uses`: the uses of images in the settings, and the formats and renditions of each
- `pictures`: images fetched together with their renditions
- `prepared`: images for the code of a project, with their renditions at hand
- `finder`: finds the pictures that objects show; `serialization` registers how
- `renditions`, `tasks`: make what is missing, now or in a worker
- `files`: examines image files
- `receivers`: imported at start-up
"""
