"""What a text in a playbook may be: this module is the marks that the types of playbooks carry and the loader reads."""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from nudges.domain.playbooks import limits

FORMAT = 1  # the newest way of writing playbooks that we know; `nudger migrate-playbooks` lifts older files to it


@dataclass(frozen=True)
class Words:
    """A text people read: whether markup and variables work in it, how long it may be, how long it shows whole."""

    limit: int
    has_markup: bool = False
    has_variables: bool = False
    shown: int = 0


class Sort(Enum):
    """A text machines read, and what it must look like."""

    NAME = "name"
    REFERENCE = "the name of something defined elsewhere"
    PERSON_ID = "person id"
    OWNER = "owner or person id"
    CHANNEL_ID = "channel id"
    CHANNEL_NAME = "channel name"
    LINK = "link"
    ZONE = "zone"
    COUNTRY = "country"
    COUNTRY_OR_DEFAULT = "country or default"
    CALENDAR = "calendar"
    LANGUAGE = "language code"
    AMOUNT = "a number, with decimals or without"
    RULE_CODE = "the code of a finding"
    FORMAT = "the way of writing that a file follows"


Prose = Annotated[str, Words(limits.TEXT_MAX, has_markup=True, has_variables=True)]
Win = Annotated[str, Words(limits.WIN_MAX, has_markup=True, has_variables=True)]
Reply = Annotated[str, Words(limits.REPLY_MAX, has_markup=True)]
Line = Annotated[str, Words(limits.HEADER_MAX)]
Label = Annotated[str, Words(limits.BUTTON_MAX, shown=limits.BUTTON_SHOWN)]
ChoiceText = Annotated[str, Words(limits.BUTTON_MAX)]  # long ones are shown in full above lettered buttons
Step = Annotated[str, Words(limits.STEP_MAX, has_markup=True, has_variables=True)]
Saying = Annotated[str, Words(limits.TEXT_MAX)]

Name = Annotated[str, Sort.NAME]
Reference = Annotated[str, Sort.REFERENCE]
PersonId = Annotated[str, Sort.PERSON_ID]
OwnerOrId = Annotated[str, Sort.OWNER]
ChannelId = Annotated[str, Sort.CHANNEL_ID]
ChannelName = Annotated[str, Sort.CHANNEL_NAME]
Link = Annotated[str, Sort.LINK]
Zone = Annotated[str, Sort.ZONE]
Country = Annotated[str, Sort.COUNTRY]
CountryOrDefault = Annotated[str, Sort.COUNTRY_OR_DEFAULT]
Calendar = Annotated[str, Sort.CALENDAR]
Language = Annotated[str, Sort.LANGUAGE]
RuleCode = Annotated[str, Sort.RULE_CODE]
Amount = Annotated[float, Sort.AMOUNT]
Format = Annotated[int, Sort.FORMAT]
