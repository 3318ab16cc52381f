CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE audience (
	campaign_id INTEGER NOT NULL, 
	person_id VARCHAR NOT NULL, 
	segment VARCHAR NOT NULL, 
	is_held_out BOOLEAN NOT NULL, 
	entered_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_audience PRIMARY KEY (campaign_id, person_id)
);

CREATE TABLE audit (
	audit_id SERIAL NOT NULL, 
	workspace_id VARCHAR NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	actor_id VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (audit_id)
);

CREATE TABLE barrier_reports (
	workspace_id VARCHAR NOT NULL, 
	person_hash VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	period INTEGER NOT NULL, 
	playbook VARCHAR NOT NULL, 
	CONSTRAINT pk_barrier_reports PRIMARY KEY (workspace_id, person_hash, kind, period, playbook)
);

CREATE TABLE campaigns (
	campaign_id SERIAL NOT NULL, 
	workspace_id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	playbook VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	company_text VARCHAR NOT NULL, 
	text_hash VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	starts_on DATE NOT NULL, 
	published_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	published_by VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_campaigns PRIMARY KEY (campaign_id), 
	CONSTRAINT uq_campaigns_workspace_id_name UNIQUE (workspace_id, name)
);

CREATE TABLE deliveries (
	delivery_id VARCHAR NOT NULL, 
	workspace_id VARCHAR NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	nudge_key VARCHAR NOT NULL, 
	person_id VARCHAR NOT NULL, 
	occurrence INTEGER NOT NULL, 
	status VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	is_enqueued BOOLEAN NOT NULL, 
	priority INTEGER NOT NULL, 
	local_due VARCHAR NOT NULL, 
	zone VARCHAR NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE, 
	ready_at TIMESTAMP WITH TIME ZONE, 
	window_ends_at TIMESTAMP WITH TIME ZONE, 
	fresh_until TIMESTAMP WITH TIME ZONE, 
	attempt INTEGER NOT NULL, 
	failures INTEGER NOT NULL, 
	claimed_at TIMESTAMP WITH TIME ZONE, 
	unknown_at TIMESTAMP WITH TIME ZONE, 
	empty_reads INTEGER NOT NULL, 
	read_at TIMESTAMP WITH TIME ZONE, 
	sent_at TIMESTAMP WITH TIME ZONE, 
	channel_id VARCHAR NOT NULL, 
	message_ts VARCHAR NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_deliveries PRIMARY KEY (delivery_id)
);

CREATE INDEX ix_deliveries_campaign ON deliveries (campaign_id, nudge_key, status);

CREATE INDEX ix_deliveries_person ON deliveries (workspace_id, person_id, sent_at);

CREATE INDEX ix_deliveries_ready ON deliveries (workspace_id, status, ready_at);

CREATE TABLE flags (
	flag_id SERIAL NOT NULL, 
	workspace_id VARCHAR NOT NULL, 
	scope_type VARCHAR NOT NULL, 
	scope_id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	grade VARCHAR NOT NULL, 
	band VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	owner_id VARCHAR NOT NULL, 
	remedies JSON NOT NULL, 
	period INTEGER NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_flags PRIMARY KEY (flag_id)
);

CREATE INDEX ix_flags_workspace_id ON flags (workspace_id);

CREATE TABLE forgotten (
	workspace_id VARCHAR NOT NULL, 
	person_hash VARCHAR NOT NULL, 
	forgotten_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_forgotten PRIMARY KEY (workspace_id, person_hash)
);

CREATE TABLE instance (
	id SERIAL NOT NULL, 
	instance_id VARCHAR NOT NULL, 
	epoch INTEGER NOT NULL, 
	key_fingerprint VARCHAR NOT NULL, 
	first_period_on DATE NOT NULL, 
	CONSTRAINT pk_instance PRIMARY KEY (id)
);

CREATE TABLE memberships (
	workspace_id VARCHAR NOT NULL, 
	period INTEGER NOT NULL, 
	person_hash VARCHAR NOT NULL, 
	team VARCHAR NOT NULL, 
	department VARCHAR NOT NULL, 
	place VARCHAR NOT NULL, 
	CONSTRAINT pk_memberships PRIMARY KEY (workspace_id, period, person_hash)
);

CREATE TABLE notices (
	workspace_id VARCHAR NOT NULL, 
	notice_key VARCHAR NOT NULL, 
	text_key VARCHAR NOT NULL, 
	values JSON NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_notices PRIMARY KEY (workspace_id, notice_key)
);

CREATE TABLE people (
	workspace_id VARCHAR NOT NULL, 
	person_id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	first_name VARCHAR NOT NULL, 
	slack_zone VARCHAR NOT NULL, 
	department VARCHAR NOT NULL, 
	place VARCHAR NOT NULL, 
	country VARCHAR NOT NULL, 
	region VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	team VARCHAR NOT NULL, 
	manager_id VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	hours VARCHAR NOT NULL, 
	working_days VARCHAR NOT NULL, 
	attributes JSON NOT NULL, 
	is_in_directory BOOLEAN NOT NULL, 
	first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_people PRIMARY KEY (workspace_id, person_id)
);

CREATE TABLE periods (
	workspace_id VARCHAR NOT NULL, 
	period INTEGER NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_periods PRIMARY KEY (workspace_id, period)
);

CREATE TABLE preferences (
	workspace_id VARCHAR NOT NULL, 
	person_id VARCHAR NOT NULL, 
	stopped_at TIMESTAMP WITH TIME ZONE, 
	paused_until TIMESTAMP WITH TIME ZONE, 
	introduced_at TIMESTAMP WITH TIME ZONE, 
	channel_id VARCHAR NOT NULL, 
	CONSTRAINT pk_preferences PRIMARY KEY (workspace_id, person_id)
);

CREATE TABLE replies (
	reply_id SERIAL NOT NULL, 
	workspace_id VARCHAR NOT NULL, 
	person_hash VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	received_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_replies PRIMARY KEY (reply_id)
);

CREATE INDEX ix_replies_person_hash ON replies (person_hash);

CREATE TABLE responses (
	delivery_id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	workspace_id VARCHAR NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	nudge_key VARCHAR NOT NULL, 
	person_id VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	is_right BOOLEAN, 
	responded_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_responses PRIMARY KEY (delivery_id, kind)
);

CREATE INDEX ix_responses_campaign_id ON responses (campaign_id);

CREATE INDEX ix_responses_person_id ON responses (person_id);

CREATE INDEX ix_responses_workspace_id ON responses (workspace_id);

CREATE TABLE seen_events (
	workspace_id VARCHAR NOT NULL, 
	event_id VARCHAR NOT NULL, 
	seen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_seen_events PRIMARY KEY (workspace_id, event_id)
);

CREATE TABLE stopped_nudges (
	campaign_id INTEGER NOT NULL, 
	nudge_key VARCHAR NOT NULL, 
	slack_code VARCHAR NOT NULL, 
	stopped_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_stopped_nudges PRIMARY KEY (campaign_id, nudge_key)
);

CREATE TABLE workspaces (
	workspace_id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	hold_reason VARCHAR NOT NULL, 
	held_at TIMESTAMP WITH TIME ZONE, 
	synced_at TIMESTAMP WITH TIME ZONE, 
	ticked_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_workspaces PRIMARY KEY (workspace_id)
);

ALTER TABLE audience ADD COLUMN left_at TIMESTAMP WITH TIME ZONE;

DROP INDEX ix_deliveries_campaign;

CREATE INDEX ix_deliveries_books ON deliveries (campaign_id, nudge_key, status, reason, is_enqueued);

CREATE INDEX ix_deliveries_decided ON deliveries (campaign_id, nudge_key, person_id, status);

CREATE INDEX ix_deliveries_sent ON deliveries (workspace_id, sent_at);

CREATE TABLE past_counts (
	campaign_id INTEGER NOT NULL, 
	nudge_key VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	is_enqueued BOOLEAN NOT NULL, 
	count INTEGER NOT NULL, 
	people INTEGER NOT NULL, 
	CONSTRAINT pk_past_counts PRIMARY KEY (campaign_id, nudge_key, kind, value, reason, is_enqueued)
);

ALTER TABLE people ADD COLUMN slack_title VARCHAR DEFAULT '' NOT NULL;

ALTER TABLE people ADD COLUMN slack_language VARCHAR DEFAULT '' NOT NULL;

ALTER TABLE people ADD COLUMN lot BIGINT DEFAULT '0' NOT NULL;

CREATE TABLE group_members (
	workspace_id VARCHAR NOT NULL, 
	group_id VARCHAR NOT NULL, 
	person_id VARCHAR NOT NULL, 
	CONSTRAINT pk_group_members PRIMARY KEY (workspace_id, group_id, person_id)
);

CREATE TABLE group_readings (
	workspace_id VARCHAR NOT NULL, 
	group_id VARCHAR NOT NULL, 
	problem VARCHAR NOT NULL, 
	read_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_group_readings PRIMARY KEY (workspace_id, group_id)
);

CREATE TABLE usage (
	workspace_id VARCHAR NOT NULL, 
	person_id VARCHAR NOT NULL, 
	week_on DATE NOT NULL, 
	tool VARCHAR NOT NULL, 
	active_days INTEGER NOT NULL, 
	CONSTRAINT pk_usage PRIMARY KEY (workspace_id, person_id, week_on, tool)
);

CREATE INDEX ix_usage_weeks ON usage (workspace_id, week_on);

ALTER TABLE campaigns ADD COLUMN content_hash VARCHAR DEFAULT '' NOT NULL;

ALTER TABLE campaigns ADD COLUMN is_piloting BOOLEAN DEFAULT false NOT NULL;

ALTER TABLE campaigns ADD COLUMN rest_starts_on DATE;

ALTER TABLE campaigns ADD COLUMN overruled VARCHAR DEFAULT '' NOT NULL;

ALTER TABLE audience ADD COLUMN is_pilot BOOLEAN DEFAULT false NOT NULL;

ALTER TABLE deliveries ADD COLUMN version INTEGER DEFAULT '0' NOT NULL;

CREATE INDEX ix_audience_pilot ON audience (campaign_id, is_pilot);

CREATE TABLE campaign_versions (
	campaign_id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	content_hash VARCHAR NOT NULL, 
	text_hash VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	company_text VARCHAR NOT NULL, 
	written_by VARCHAR NOT NULL, 
	written_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	approved_by VARCHAR NOT NULL, 
	began_at TIMESTAMP WITH TIME ZONE, 
	audience INTEGER NOT NULL, 
	CONSTRAINT pk_campaign_versions PRIMARY KEY (campaign_id, version)
);

CREATE INDEX ix_campaign_versions_content_hash ON campaign_versions (content_hash);

CREATE TABLE approvals (
	approval_id SERIAL NOT NULL, 
	workspace_id VARCHAR NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	content_hash VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	asked_by VARCHAR NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	rest_starts_on DATE, 
	decision VARCHAR NOT NULL, 
	decided_by VARCHAR NOT NULL, 
	decided_at TIMESTAMP WITH TIME ZONE, 
	why VARCHAR NOT NULL, 
	CONSTRAINT pk_approvals PRIMARY KEY (approval_id)
);

CREATE INDEX ix_approvals_workspace_id ON approvals (workspace_id);

CREATE INDEX ix_approvals_campaign_id ON approvals (campaign_id);

CREATE TABLE message_works (
	work_id SERIAL NOT NULL, 
	workspace_id VARCHAR NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	nudge_key VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	asked_by VARCHAR NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	finished_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_message_works PRIMARY KEY (work_id)
);

CREATE INDEX ix_message_works_workspace_id ON message_works (workspace_id);

CREATE TABLE message_changes (
	work_id INTEGER NOT NULL, 
	delivery_id VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	code VARCHAR NOT NULL, 
	failures INTEGER NOT NULL, 
	ready_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_message_changes PRIMARY KEY (work_id, delivery_id)
);

CREATE INDEX ix_message_changes_due ON message_changes (state, ready_at);

ALTER TABLE workspaces ADD COLUMN ended_at TIMESTAMP WITH TIME ZONE;

CREATE TABLE installations (
	workspace_id VARCHAR NOT NULL, 
	enterprise_id VARCHAR NOT NULL, 
	is_org BOOLEAN NOT NULL, 
	name VARCHAR NOT NULL, 
	app_id VARCHAR NOT NULL, 
	bot_user_id VARCHAR NOT NULL, 
	scopes VARCHAR NOT NULL, 
	access_token VARCHAR NOT NULL, 
	refresh_token VARCHAR NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE, 
	generation INTEGER NOT NULL, 
	renewing_at TIMESTAMP WITH TIME ZONE, 
	installed_by VARCHAR NOT NULL, 
	installed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_installations PRIMARY KEY (workspace_id)
);

CREATE TABLE oauth_states (
	state_hash VARCHAR NOT NULL, 
	browser_hash VARCHAR NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_oauth_states PRIMARY KEY (state_hash)
);

CREATE INDEX ix_oauth_states_expires_at ON oauth_states (expires_at);

CREATE TABLE processes (
	process_id SERIAL NOT NULL, 
	part VARCHAR NOT NULL, 
	place VARCHAR NOT NULL, 
	started_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	seen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_processes PRIMARY KEY (process_id)
);

CREATE TABLE paces (
	workspace_id VARCHAR NOT NULL, 
	snapshot VARCHAR NOT NULL, 
	saved_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_paces PRIMARY KEY (workspace_id)
);

CREATE TABLE queue_steps (
	step VARCHAR NOT NULL, 
	CONSTRAINT pk_queue_steps PRIMARY KEY (step)
);

CREATE TABLE rollups (
	campaign_id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	nudge_key VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	is_enqueued BOOLEAN NOT NULL, 
	segment VARCHAR NOT NULL, 
	quarter BIGINT NOT NULL, 
	workspace_id VARCHAR NOT NULL, 
	count BIGINT NOT NULL, 
	CONSTRAINT pk_rollups PRIMARY KEY (campaign_id, kind, nudge_key, value, reason, is_enqueued, segment, quarter, workspace_id)
);

CREATE INDEX ix_rollups_workspace ON rollups (workspace_id, kind, value, quarter);

CREATE INDEX ix_responses_nudge ON responses (campaign_id, person_id, nudge_key);

DROP INDEX ix_responses_campaign_id;

DROP INDEX ix_deliveries_books;

DROP INDEX ix_deliveries_decided;

CREATE INDEX ix_deliveries_decided ON deliveries (campaign_id, nudge_key, person_id, status, sent_at);

CREATE INDEX ix_deliveries_stale ON deliveries (workspace_id, status, fresh_until);

ALTER TABLE instance ADD COLUMN home VARCHAR DEFAULT '' NOT NULL;

CREATE INDEX ix_deliveries_doubt ON deliveries (workspace_id, unknown_at) WHERE unknown_at IS NOT NULL;

ALTER TABLE responses ADD COLUMN confidence VARCHAR DEFAULT '' NOT NULL;

CREATE TABLE workshops (
	workspace_id VARCHAR NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	nudge_key VARCHAR NOT NULL, 
	session VARCHAR NOT NULL, 
	taken INTEGER NOT NULL, 
	CONSTRAINT pk_workshops PRIMARY KEY (workspace_id, campaign_id, nudge_key, session)
);

CREATE TABLE workshop_seats (
	workspace_id VARCHAR NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	nudge_key VARCHAR NOT NULL, 
	session VARCHAR NOT NULL, 
	person_id VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_workshop_seats PRIMARY KEY (workspace_id, campaign_id, nudge_key, session, person_id)
);

CREATE INDEX ix_workshop_seats_person_id ON workshop_seats (person_id);

CREATE TABLE recall_cards (
	workspace_id VARCHAR NOT NULL, 
	person_id VARCHAR NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	nudge_key VARCHAR NOT NULL, 
	stability FLOAT NOT NULL, 
	difficulty FLOAT NOT NULL, 
	streak INTEGER NOT NULL, 
	is_sure_error BOOLEAN NOT NULL, 
	met_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	answered_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	look_at TIMESTAMP WITH TIME ZONE, 
	occurrence INTEGER NOT NULL, 
	ended VARCHAR NOT NULL, 
	CONSTRAINT pk_recall_cards PRIMARY KEY (workspace_id, person_id, campaign_id, nudge_key)
);

CREATE INDEX ix_recall_cards_look ON recall_cards (workspace_id, look_at, person_id);

CREATE INDEX ix_recall_cards_campaign ON recall_cards (campaign_id, ended);

DROP INDEX ix_deliveries_decided;

CREATE INDEX ix_deliveries_decided ON deliveries (campaign_id, nudge_key, person_id, status, sent_at, occurrence);

ALTER TABLE preferences ADD COLUMN topics VARCHAR DEFAULT '' NOT NULL;

ALTER TABLE preferences ADD COLUMN own_hours VARCHAR DEFAULT '' NOT NULL;

ALTER TABLE preferences ADD COLUMN fewer_since TIMESTAMP WITH TIME ZONE;

ALTER TABLE preferences ADD COLUMN back_at TIMESTAMP WITH TIME ZONE;

CREATE INDEX ix_audience_entered ON audience (campaign_id, entered_at);

CREATE TABLE saved_nudges (
	workspace_id VARCHAR NOT NULL, 
	person_id VARCHAR NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	nudge_key VARCHAR NOT NULL, 
	saved_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_saved_nudges PRIMARY KEY (workspace_id, person_id, campaign_id, nudge_key)
);

CREATE TABLE votes (
	workspace_id VARCHAR NOT NULL, 
	quarter INTEGER NOT NULL, 
	person_id VARCHAR NOT NULL, 
	voted_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	playbook VARCHAR NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_votes PRIMARY KEY (workspace_id, quarter, person_id, voted_at)
);

CREATE TABLE stories (
	workspace_id VARCHAR NOT NULL, 
	story_id VARCHAR NOT NULL, 
	author_hash VARCHAR NOT NULL, 
	author_id VARCHAR NOT NULL, 
	author_name VARCHAR NOT NULL, 
	department VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	team VARCHAR NOT NULL, 
	manager_id VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	playbook VARCHAR NOT NULL, 
	consent VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	words VARCHAR NOT NULL, 
	edited VARCHAR NOT NULL, 
	told_on DATE NOT NULL, 
	keep_until DATE NOT NULL, 
	decided_by VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	campaign_id INTEGER, 
	shared_on DATE, 
	credited_on DATE, 
	revision INTEGER NOT NULL, 
	CONSTRAINT pk_stories PRIMARY KEY (workspace_id, story_id)
);

CREATE INDEX ix_stories_author_hash ON stories (author_hash);

CREATE TABLE period_limits (
	workspace_id VARCHAR NOT NULL, 
	period INTEGER NOT NULL, 
	k INTEGER NOT NULL, 
	r INTEGER NOT NULL, 
	CONSTRAINT pk_period_limits PRIMARY KEY (workspace_id, period)
);

CREATE TABLE publications (
	workspace_id VARCHAR NOT NULL, 
	period INTEGER NOT NULL, 
	scope_type VARCHAR NOT NULL, 
	scope_id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	band VARCHAR NOT NULL, 
	counted_in INTEGER NOT NULL, 
	moved INTEGER NOT NULL, 
	CONSTRAINT pk_publications PRIMARY KEY (workspace_id, period, scope_type, scope_id, kind)
);

ALTER TABLE barrier_reports ADD COLUMN weight FLOAT DEFAULT '1' NOT NULL;

ALTER TABLE barrier_reports ADD COLUMN week INTEGER;

CREATE TABLE ask_backs (
	workspace_id VARCHAR NOT NULL, 
	person_hash VARCHAR NOT NULL, 
	ask_id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	playbook VARCHAR NOT NULL, 
	reply_id INTEGER, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_ask_backs PRIMARY KEY (workspace_id, person_hash)
);

CREATE TABLE past_reports (
	workspace_id VARCHAR NOT NULL, 
	period INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	people INTEGER NOT NULL, 
	members INTEGER NOT NULL, 
	CONSTRAINT pk_past_reports PRIMARY KEY (workspace_id, period, kind)
);

ALTER TABLE flags ADD COLUMN moved_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE flags ADD COLUMN asked_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE flags ADD COLUMN started_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE flags ADD COLUMN over_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE flags ADD COLUMN eased_until TIMESTAMP WITH TIME ZONE;

ALTER TABLE flags ADD COLUMN play VARCHAR DEFAULT '' NOT NULL;

ALTER TABLE flags ADD COLUMN reason VARCHAR DEFAULT '' NOT NULL;

ALTER TABLE flags ADD COLUMN probability FLOAT;

ALTER TABLE flags ADD COLUMN revision INTEGER DEFAULT '0' NOT NULL;

CREATE TABLE flag_events (
	workspace_id VARCHAR NOT NULL, 
	flag_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	what VARCHAR NOT NULL, 
	actor_id VARCHAR NOT NULL, 
	about_id VARCHAR NOT NULL, 
	detail VARCHAR NOT NULL, 
	CONSTRAINT pk_flag_events PRIMARY KEY (workspace_id, flag_id, number)
);

ALTER TABLE forgotten ADD COLUMN cleared_at TIMESTAMP WITH TIME ZONE;

CREATE TABLE weeks (
	workspace_id VARCHAR NOT NULL, 
	week INTEGER NOT NULL, 
	CONSTRAINT pk_weeks PRIMARY KEY (workspace_id, week)
);

CREATE TABLE weekly_counts (
	workspace_id VARCHAR NOT NULL, 
	week INTEGER NOT NULL, 
	scope_type VARCHAR NOT NULL, 
	scope_id VARCHAR NOT NULL, 
	members INTEGER NOT NULL, 
	asked INTEGER NOT NULL, 
	answered INTEGER NOT NULL, 
	usable INTEGER NOT NULL, 
	used INTEGER NOT NULL, 
	department VARCHAR NOT NULL, 
	place VARCHAR NOT NULL, 
	CONSTRAINT pk_weekly_counts PRIMARY KEY (workspace_id, week, scope_type, scope_id)
);

ALTER TABLE flags ADD COLUMN why JSON;

ALTER TABLE flags ADD COLUMN heard_in INTEGER;

CREATE TABLE needs (
	workspace_id VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	tool VARCHAR NOT NULL, 
	band VARCHAR NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	heard_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	decision VARCHAR NOT NULL, 
	why VARCHAR NOT NULL, 
	by_id VARCHAR NOT NULL, 
	decided_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_needs PRIMARY KEY (workspace_id, number)
);

CREATE TABLE need_posts (
	workspace_id VARCHAR NOT NULL, 
	told VARCHAR NOT NULL, 
	tries INTEGER NOT NULL, 
	next_at TIMESTAMP WITH TIME ZONE, 
	posted_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_need_posts PRIMARY KEY (workspace_id)
);

ALTER TABLE workshop_seats ADD COLUMN own_word VARCHAR DEFAULT '' NOT NULL;

ALTER TABLE workshop_seats ADD COLUMN host_word VARCHAR DEFAULT '' NOT NULL;

ALTER TABLE need_posts ADD COLUMN url VARCHAR DEFAULT '' NOT NULL;

DROP TABLE past_reports;

INSERT INTO alembic_version VALUES ('0025')
