//! Reading happens on threads of its own, so that what goes wrong with one document costs that document alone; on as many
//! as there are processors, so that no more documents than that are taken apart in memory. They are always the same: each
//! thread has a heap, and keeps what its largest document took. What was read waits for the
//! one writer; only so much of it as there is room for.

use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::thread::{Builder, available_parallelism};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit, oneshot};
use tokio::time::timeout;

/// How long a document may be read. Limits of size keep it to seconds; this is for what they do not foresee.
pub(super) const LONGEST: Duration = Duration::from_mins(1);

/// Places for readers.
static PLACES: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(*PROCESSORS));

static READERS: LazyLock<Readers> = LazyLock::new(|| {
    let (hand, waiting) = mpsc::channel();
    let readers = Readers {
        hand,
        waiting: Arc::new(Mutex::new(waiting)),
    };
    (0..*PROCESSORS).for_each(|_| readers.add());
    readers
});

static PROCESSORS: LazyLock<usize> =
    LazyLock::new(|| available_parallelism().map_or(1, NonZero::get));

type Work = Box<dyn FnOnce() + Send>;

/// The threads that read.
struct Readers {
    hand: mpsc::Sender<Work>,
    waiting: Arc<Mutex<mpsc::Receiver<Work>>>,
}

impl Readers {
    /// One more.
    fn add(&self) {
        let waiting = Arc::clone(&self.waiting);
        let next = move || {
            let waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.recv()
        };
        let read = move || {
            while let Ok(work) = next() {
                work();
            }
        };
        let started = Builder::new().name("agg-reader".to_owned()).spawn(read);
        started.expect("a thread can be started, as those of the runtime were");
    }
}

/// Room for documents that are read and not stored, kB of what came; what is made of it takes several times as much.
const ROOM_KB: u32 = 4 * 1024;

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

/// True while a document is read, whose entries will have to be stored.
pub(super) fn is_reading() -> bool {
    PLACES.available_permits() < *PROCESSORS
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
/// that takes longer is left to itself with its thread, and another takes its place.
pub(super) async fn apart<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Stopped> {
    let _place = PLACES.acquire().await;
    let (tell, told) = oneshot::channel();
    let work = move || {
        let done = catch_unwind(AssertUnwindSafe(work));
        // who does not wait any more needs no word
        drop(tell.send(done));
    };
    if READERS.hand.send(Box::new(work)).is_err() {
        return Err(Stopped::Panicked);
    }
    match timeout(limit, told).await {
        Ok(Ok(Ok(done))) => Ok(done),
        Ok(_) => Err(Stopped::Panicked),
        Err(_) => {
            READERS.add();
            Err(Stopped::TooLong)
        }
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
