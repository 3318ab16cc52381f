"""What people, authors and circumstances do to the app: this module is the table of acts of a plan.

An act returns a line for the trace, or None when there was nothing to do. It notes the truth only once the app has
committed; killed in the middle it is done again.
"""

from collections.abc import Mapping

from tests.simulation.world import campaign_acts as campaigns
from tests.simulation.world import people_acts as people
from tests.simulation.world import weather
from tests.simulation.world.scene import Doing

ACTS: Mapping[str, Doing] = {
    "join": people.do_join,
    "leave": people.do_leave,
    "travel": people.do_travel,
    "move": people.do_move,
    "tell": people.do_tell,
    "stop": people.do_stop,
    "start": people.do_start,
    "pause": people.do_pause,
    "forget": people.do_forget,
    "reply": people.do_reply,
    "publish": campaigns.do_publish,
    "edit": campaigns.do_edit,
    "break": campaigns.do_break,
    "update": campaigns.do_update,
    "correct": campaigns.do_correct,
    "recall": campaigns.do_recall,
    "widen": campaigns.do_widen,
    "pause campaign": campaigns.do_pause_campaign,
    "resume campaign": campaigns.do_resume_campaigns,
    "hold": campaigns.do_hold,
    "resume": campaigns.do_resume,
    "crash": weather.do_crash,
    "storm": weather.do_storm,
    "calm": weather.do_calm,
    "slack down": weather.do_slack_down,
    "slack up": weather.do_slack_up,
    "sleep": weather.do_sleep,
    "wake": weather.do_wake,
    "leap": weather.do_leap,
    "clock right": weather.do_clock_right,
    "new zones": weather.do_new_zones,
}
