"""What is done after the answer: tasks that wait in the database, and the workers that run them.

django-tasks-db keeps the tasks and claims each for one worker. What it leaves to others is here: equal work waits once,
what fails is tried again, what a killed worker has begun is taken up by another one, and what is given up is shown to
administrators. Until there is a worker the server runs the tasks itself, in a thread. What others may use:

- `backend.QueueBackend`: for the setting `TASKS`
- `indexing.IndexesOnceBackend`: for the setting `TASKS`, for Wagtail's own tasks
- `standby`: the thread that runs tasks while no worker does
- `worker`: what the command `db_worker` runs
"""
