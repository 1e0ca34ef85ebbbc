"""The engine room: pull, push, schedule, runs."""
