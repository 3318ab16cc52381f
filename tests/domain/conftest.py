"""Property tests on a busy machine: this module is the settings that keep slowness from looking like a fault."""

from hypothesis import HealthCheck, settings

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
