// The job folder, its worker process, the deadline and the collection of outputs.
