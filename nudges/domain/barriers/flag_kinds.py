"""What a flag may say of a group: this module is the ten kinds of barriers and the silence that has no name yet."""

from enum import StrEnum

from nudges.domain.playbooks.playbook import BarrierKind


class FlagKind(StrEnum):
    """The kinds of barriers by their own words, and `low_response` until people have named one."""

    MANAGER_DISCOURAGES = BarrierKind.MANAGER_DISCOURAGES.value
    NOT_COMFORTABLE_SHARING = BarrierKind.NOT_COMFORTABLE_SHARING.value
    NO_TIME = BarrierKind.NO_TIME.value
    NO_PERSONAL_VALUE = BarrierKind.NO_PERSONAL_VALUE.value
    LACKS_SKILL = BarrierKind.LACKS_SKILL.value
    ACCESS_OR_IT_PROBLEM = BarrierKind.ACCESS_OR_IT_PROBLEM.value
    TOOL_FATIGUE = BarrierKind.TOOL_FATIGUE.value
    POLICY_WORRY = BarrierKind.POLICY_WORRY.value
    COLLEAGUES_ABSENT = BarrierKind.COLLEAGUES_ABSENT.value
    LANGUAGE_OR_ACCESSIBILITY = BarrierKind.LANGUAGE_OR_ACCESSIBILITY.value
    LOW_RESPONSE = "low_response"  # a group answers less than its likes; nobody has said why


AnyKind = BarrierKind | FlagKind  # what people named, or what a flag is about: the same words
