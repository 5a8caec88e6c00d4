"""What holds for all tests: a busy machine is no reason for a property to fail, so none has a deadline."""

from hypothesis import settings

pytest_plugins = ["tests.support.postgres"]

settings.register_profile("attache", settings.get_profile(settings.get_current_profile_name()), deadline=None)
settings.load_profile("attache")
