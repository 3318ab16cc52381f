"""What ran before versions were kept: this module is the test that the migration leaves it running as it did."""

from sqlalchemy import text

from nudges.store import campaigns, versions
from nudges.store.engine import Database
from tests.store.rows import HERE, NOON, a_new, claim, put, put_campaign
from tests.store.shapes import go


def test_what_runs_keeps_its_text_and_reaches_everybody(db: Database) -> None:
    with db.begin() as session:
        campaign_id = put_campaign(session, text="a text", company_text="a company", version=3)
        campaigns.replace_members(session, campaign_id, [campaigns.Member("U1", "all", False, NOON)], now=NOON)
    put(
        db,
        a_new("sent", campaign_id=campaign_id),
        a_new("waits", campaign_id=campaign_id, due_at=NOON.replace(year=2028)),
    )
    claim(db)
    go_back(db)
    go(db, "head")
    with db.reading() as session:
        (campaign,) = campaigns.campaigns(session, HERE)
        (kept,) = versions.versions(session, campaign_id)
        posted_with = dict(session.execute(text("SELECT delivery_id, version FROM deliveries")).all())
    assert campaign.content_hash == kept.content_hash == campaigns.content_hash_of("a text", "a company")
    assert (kept.version, kept.text, kept.audience, kept.began_at) == (3, "a text", 1, NOON)
    assert campaign.staging.begins_on(is_pilot=False) == campaign.starts_on
    assert posted_with == {"sent": 3, "waits": 0}


def go_back(db: Database) -> None:
    """Take the database to where it was before versions were kept."""
    from alembic import command

    from nudges.store import migrate

    config = migrate._config()
    with db.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
