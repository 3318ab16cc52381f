"""How others see a file of ours: this module is the parsers of YAML 1.2 and 1.1 in front of a JSON Schema validator."""

from datetime import date, datetime
from typing import Any

import yaml
from jsonschema import Draft7Validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from nudges.domain.editing.schema import Vocabulary, company_schema, playbook_schema
from nudges.domain.times.zones import zone_names

NAMES = Vocabulary(
    segments=("customer-service", "service-pilot", "sales"),
    channels=("ask-billing",),
    languages=("de", "en"),
    zones=zone_names(),
    is_known=True,
)
PLAYBOOK = Draft7Validator(playbook_schema(NAMES))
COMPANY = Draft7Validator(company_schema(NAMES))


def faults_in_newer_yaml(validator: Draft7Validator, text: str) -> list[str]:
    """Return what a YAML 1.2 parser and the schema say."""
    try:
        return _faults(validator, YAML(typ="safe", pure=True).load(text))
    except (YAMLError, ValueError) as error:  # ValueError: the 30th of February
        return [str(error)]


def faults_in_older_yaml(validator: Draft7Validator, text: str) -> list[str]:
    """Return what a YAML 1.1 parser and the schema say."""
    try:
        return _faults(validator, yaml.safe_load(text))
    except (yaml.YAMLError, ValueError) as error:
        return [str(error)]


def _faults(validator: Draft7Validator, value: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(_as_json(value))]


def _as_json(value: Any) -> Any:
    # JSON has texts for keys and no dates; `str` of a switch is how JavaScript and JSON writers name such a key.
    if isinstance(value, dict):
        return {str(key).lower() if isinstance(key, bool) else str(key): _as_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_as_json(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value
