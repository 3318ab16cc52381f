"""A company with rules over behaviour, groups and usage: this module is their text."""

RULES = """
  spoke: {all: [{segment: customer-service}, {answered: find-an-expert/first-tip}]}
  silent: {all: [{segment: customer-service}, {did_not_answer: find-an-expert}]}
  unsure: {quiz_below: {playbook: find-an-expert, share: 60%}}
  experts: {user_group: S0EXPERTS}
  in-channel: {channel: ask-billing, except: [{place: Berlin}]}
  newcomers: {joined_within: 30d}
  users: {used: {tool: Wiki, at_least: 3, in: 28d}}
  trap:
    any:
      - {place: [U0KIRIBATI, U0SAMOA, U0KOLKATA, U0NEWYORK]}
      - {all: [{team: Leads}, {answered: find-an-expert}]}
briefs:
  customer-service: {priority: 1, evidence: Calls wait., said_by: Dana, job: Answer at once, tool: Slack channels,
                     depends_on_collaboration: high, likely_to_use: medium}
"""
