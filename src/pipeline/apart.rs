//! Reading happens on a thread of its own, so that what goes wrong with one document costs that document alone; on as many
//! at once as there are processors, so that no more documents than that are taken apart in memory. What was read waits for the
//! one writer; only so much of it as there is room for.

use std::num::NonZero;
use std::sync::LazyLock;
use std::thread::available_parallelism;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// How long a document may be read. Limits of size keep it to seconds; this is for what they do not foresee.
pub(super) const LONGEST: Duration = Duration::from_mins(1);

/// Places for readers.
static PLACES: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(available_parallelism().map_or(1, NonZero::get)));

/// Room for documents that are read and not stored, kB of what came; what is made of it takes several times as much.
const ROOM_KB: u32 = 32 * 1024;

static ROOM: Room = Room(Semaphore::const_new(ROOM_KB as usize));

/// Room for documents in memory.
struct Room(Semaphore);

impl Room {
    /// Room for so many bytes, once there is; all of it for more than there is.
    async fn take(&self, bytes: usize) -> Option<SemaphorePermit<'_>> {
        let kilobytes = u32::try_from(bytes / 1024 + 1).unwrap_or(ROOM_KB);
        // it is never closed
        self.0.acquire_many(kilobytes.min(ROOM_KB)).await.ok()
    }
}

/// Waits until there is room for a document of so many bytes, which is taken until what comes back is dropped. A larger one
/// than there is room for is alone.
pub(super) async fn room(bytes: usize) -> Option<SemaphorePermit<'static>> {
    ROOM.take(bytes).await
}

/// Why reading came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// Our own mistake.
    #[error("agg stumbled over this document; that is a mistake in agg")]
    Panicked,
    /// It did not end.
    #[error("reading this document takes too long")]
    TooLong,
}

/// What `work` gives, on a thread where it may block and panic, for as long as `limit` once there is a place for it. Work
/// that takes longer is left to itself, and its place is free.
pub(super) async fn apart<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Stopped> {
    let _place = PLACES.acquire().await;
    match timeout(limit, spawn_blocking(work)).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(_)) => Err(Stopped::Panicked),
        Err(_) => Err(Stopped::TooLong),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_document_waits_until_there_is_room_for_it_and_the_largest_is_alone() {
        let room = Room(Semaphore::new(ROOM_KB as usize));
        let small = room.take(1).await;
        assert!(room.take(usize::MAX).now_or_never().is_none());
        drop(small);
        let largest = room.take(usize::MAX).await;
        assert!(room.take(1).now_or_never().is_none());
        drop(largest);
        assert!(room.take(1).now_or_never().is_some());
    }

    #[tokio::test]
    async fn work_that_panics_or_never_ends_costs_itself_alone() {
        assert_eq!(apart(LONGEST, || 1).await, Ok(1));
        let stumble = || -> u8 { panic!("a mistake") };
        assert_eq!(apart(LONGEST, stumble).await, Err(Stopped::Panicked));
        let (end, ended) = mpsc::channel::<()>();
        let work = move || ended.recv().is_err();
        let stopped = apart(Duration::ZERO, work).await;
        assert_eq!(stopped, Err(Stopped::TooLong));
        drop(end);
    }
}
