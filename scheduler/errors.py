"""The one base class of what goes wrong in the scheduler."""


class SchedulerError(ValueError):
    """A rule of time cannot be as it was given; the message says why and how to mend it."""
