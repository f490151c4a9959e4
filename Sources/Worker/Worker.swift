// What runs inside the worker process.
