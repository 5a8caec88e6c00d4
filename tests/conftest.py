"""What holds for all tests: a busy machine is no reason for a property to fail, so none has a deadline."""

import pytest
from hypothesis import settings

pytest_plugins = ["tests.support.postgres"]

settings.register_profile("attache", settings.get_profile(settings.get_current_profile_name()), deadline=None)
settings.register_profile("quick", settings.get_profile("attache"), max_examples=30)  # make check asks for it
settings.load_profile("attache")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no worker is left with it while the others are done."""
    items.sort(key=lambda item: item.get_closest_marker("first") is None)
