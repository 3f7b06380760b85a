//! Before a run writes: waits until no other run writes into the same archive.

use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::error::Error;
use super::line::now;
use crate::store::{Claim, Claimed, Holder};

/// How often we look whether the other run is done.
const LOOK: Duration = Duration::from_millis(100);

/// Takes the right to write into the archive at `database`, for a run called `command` ("agg fetch"). Where another run has
/// it, `told` hears at once which one, and it is waited for, as long as `patience` lasts.
///
/// # Errors
/// [`Error::Held`] if the other run takes longer, [`Error::Store`] if the lock file cannot be used.
pub async fn claim(
    database: &Path,
    command: &str,
    patience: Duration,
    told: &(dyn Fn(Option<&Holder>) + Sync),
) -> Result<Claim, Error> {
    let begun = Instant::now();
    let mut waits = false;
    loop {
        let holder = Holder {
            pid: std::process::id(),
            since: now(),
            command: command.to_owned(),
        };
        let other = match Claim::take(database, &holder)? {
            Claimed::Ours(claim) => return Ok(claim),
            Claimed::Theirs(other) => other,
        };
        let left = patience.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Err(Error::Held {
                database: database.to_owned(),
                holder: other,
            });
        }
        if !waits {
            waits = true;
            told(other.as_ref());
        }
        sleep(LOOK.min(left)).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[tokio::test]
    async fn a_run_waits_for_the_one_before_it_and_says_for_whom() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("agg.db");
        let quiet = |_: Option<&Holder>| {};
        let first = claim(&database, "agg serve", Duration::ZERO, &quiet)
            .await
            .unwrap();
        let refused = claim(&database, "agg fetch", Duration::ZERO, &quiet).await;
        let refused = refused.unwrap_err();
        let words = format!("{refused} {}", refused.help().unwrap());
        let pid = std::process::id().to_string();
        for word in ["agg.db", "agg serve", "since 20", &pid, "--wait"] {
            assert!(words.contains(word), "{word}: {words}");
        }

        let told = Mutex::new(Vec::new());
        let listen = |holder: Option<&Holder>| {
            told.lock()
                .unwrap()
                .push(holder.map(|holder| holder.command.clone()));
        };
        let second = claim(&database, "agg fetch", Duration::from_mins(1), &listen);
        let release = async {
            sleep(LOOK * 3).await;
            drop(first);
        };
        let (second, ()) = tokio::join!(second, release);
        drop(second.unwrap());
        assert_eq!(*told.lock().unwrap(), [Some("agg serve".to_owned())]);
    }
}
