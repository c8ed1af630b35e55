//! The beginning of following: where the stream goes on, and what has to be loaded before.

use tokio_postgres::types::PgLsn;

use super::load::copy;
use super::repair::repair;
use super::session::{Identity, Session};
use super::sink::Writer;
use super::slot::{self, Slot};
use super::source::Source;
use super::{Healed, State, SyncError, publication};

/// Makes the orders whole up to a position, and returns it: the stream goes on from there.
pub async fn attach(source: &mut Source, writer: &mut Writer) -> Result<PgLsn, SyncError> {
    let job = writer.job.clone();
    publication::check(&source.session, &job).await?;
    let identity = source.session.identity().await?;
    writer.belongs_to(&identity, false).await?;
    let found = slot::find(&source.session, &job.slot).await?;
    let gap = gap(&writer.state, &identity, &job.slot, found.as_ref());
    match (writer.state.position, gap) {
        (Some(position), None) => {
            if let Some(after) = writer.state.copying.clone() {
                first_load(source, writer, after).await?;
            }
            Ok(position)
        }
        (None, _) => {
            let position = fresh(&source.session, writer, found).await?;
            follows(&mut writer.state, &identity, &job.slot, position);
            writer.state.copying = Some(String::new());
            writer.save().await?;
            first_load(source, writer, String::new()).await?;
            Ok(position)
        }
        (Some(_), Some(reason)) => {
            tracing::warn!(reason, "the stream has a gap: all orders are compared");
            let position = fresh(&source.session, writer, found).await?;
            let copying = writer.state.copying.clone();
            if copying.is_some() {
                first_load(source, writer, String::new()).await?;
            }
            let orders = repair(source, writer, true).await?;
            // Only now: a process that is killed before compares again.
            follows(&mut writer.state, &identity, &job.slot, position);
            writer.state.healed = Some(Healed {
                at: job.now(),
                orders,
                reason,
            });
            writer.save().await?;
            Ok(position)
        }
    }
}

fn follows(state: &mut State, identity: &Identity, slot: &str, position: PgLsn) {
    state.timeline = identity.timeline;
    state.slot = Some(slot.to_owned());
    state.position = Some(position);
}

async fn first_load(
    source: &mut Source,
    writer: &mut Writer,
    after: String,
) -> Result<(), SyncError> {
    copy(source, writer, Some(after), |_| {}).await?;
    writer.state.copying = None;
    writer.save().await
}

/// The position of a slot that has everything from now on. One that is there is good enough: it only
/// tells some changes again.
async fn fresh(
    session: &Session,
    writer: &mut Writer,
    found: Option<Slot>,
) -> Result<PgLsn, SyncError> {
    let name = writer.job.slot.clone();
    match found {
        Some(slot) if slot.is_whole => return Ok(slot.confirmed),
        Some(_) => _ = slot::drop(session, &name).await?,
        None => {}
    }
    let position = slot::create(session, &name).await?;
    // That may have taken long.
    writer.hold().await?;
    Ok(position)
}

/// Why the stream cannot go on from the state's position; `None` if it can.
fn gap(state: &State, identity: &Identity, name: &str, slot: Option<&Slot>) -> Option<String> {
    let position = state.position?;
    let Some(slot) = slot else {
        return Some("the slot was gone".to_owned());
    };
    if state.slot.as_deref() != Some(name) {
        return Some(format!("the slot is another one, {name}"));
    }
    if !slot.is_whole {
        return Some("the slot had lost what it kept".to_owned());
    }
    // PostgreSQL would begin where the slot is, and say nothing.
    if slot.confirmed > position {
        return Some("the slot was ahead of the orders".to_owned());
    }
    let is = identity.timeline;
    (state.timeline != is).then(|| format!("the source is on another timeline, {is}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_goes_on_only_where_nothing_is_missing() {
        let identity = Identity {
            system_id: "7".to_owned(),
            timeline: 1,
        };
        let state = State {
            position: Some(PgLsn::from(100)),
            slot: Some("ours".to_owned()),
            timeline: 1,
            ..State::default()
        };
        let slot = |confirmed: u64, is_whole| Slot {
            confirmed: confirmed.into(),
            is_whole,
        };
        let reason = |state: &State, slot: Option<Slot>| {
            gap(state, &identity, "ours", slot.as_ref()).unwrap_or_default()
        };
        assert_eq!(reason(&state, Some(slot(100, true))), "");
        assert_eq!(reason(&state, Some(slot(99, true))), "");
        assert!(reason(&state, Some(slot(101, true))).contains("ahead"));
        assert!(reason(&state, Some(slot(99, false))).contains("lost"));
        assert!(reason(&state, None).contains("gone"));
        let other = State {
            slot: Some("theirs".to_owned()),
            ..state.clone()
        };
        assert!(reason(&other, Some(slot(99, true))).contains("another one"));
        let other = State {
            timeline: 2,
            ..state
        };
        assert!(reason(&other, Some(slot(99, true))).contains("timeline"));
    }
}
