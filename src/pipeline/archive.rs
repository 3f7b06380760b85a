//! The store, shared by all visits. One thread uses it, always the same: what a transaction needed of memory serves the next.
//! What several visits have to write at one time is written together.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::apart;
use super::error::Error;
use crate::store::{self, Queued, Store, Write};

/// So many sources are worth a transaction: what several change of one page is written once.
const ENOUGH: usize = 12;
/// More in one would keep others waiting.
const MOST: usize = 32;
/// So long a change waits for others at most, while documents are read that will bring some.
const PATIENCE: Duration = Duration::from_millis(100);
/// So long the end of what was begun is waited for when nobody needs the store any more.
const LEFTOVERS: Duration = Duration::from_secs(2);

/// What the store's thread is given.
enum Job {
    Work(Box<dyn FnOnce(&mut Store) + Send>),
    Change(Queued),
}

/// The store with its queue.
pub(super) struct Archive {
    /// `None` once it is dropped.
    jobs: Option<Sender<Job>>,
    /// Gives nothing, and ends with the thread.
    ended: Mutex<Receiver<()>>,
}

impl Archive {
    /// Gives the store to a thread of its own.
    ///
    /// # Errors
    /// [`Error::Thread`].
    pub(super) fn new(store: Store) -> Result<Arc<Self>, Error> {
        let (jobs, waiting) = mpsc::channel();
        let (ends, ended) = mpsc::channel();
        let work = move || {
            Keeper {
                store,
                changes: Vec::new(),
                first: Instant::now(),
            }
            .run(&waiting);
            drop(ends);
        };
        let thread = Builder::new().name("agg-store".to_owned());
        thread.spawn(work).map_err(Error::Thread)?;
        Ok(Arc::new(Self {
            jobs: Some(jobs),
            ended: Mutex::new(ended),
        }))
    }

    /// Runs `work` with the store on its thread.
    pub(super) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (tell, told) = oneshot::channel();
        self.give(Job::Work(Box::new(move |store| {
            // who does not wait any more wants nothing
            if !tell.is_closed() {
                drop(tell.send(work(store)));
            }
        })));
        told.await.map_err(|_| Error::Stumbled)?
    }

    /// Runs `change` in a transaction, with what else waits to be written: all of it is kept when this returns, or, if it
    /// fails, nothing. It may run more than once, each time on what was there before.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        change: impl Fn(&mut Write<'_>) -> Result<T, store::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (tell, told) = oneshot::channel();
        self.give(Job::Change(Queued::new(change, move |result| {
            drop(tell.send(result));
        })));
        Ok(told.await.map_err(|_| Error::Stumbled)??)
    }

    fn give(&self, job: Job) {
        let jobs = self.jobs.as_ref().expect("it is there until the end");
        // a job that nobody takes is dropped, and whoever waits for it learns that
        let _ = jobs.send(job);
    }
}

/// The store's thread.
struct Keeper {
    store: Store,
    /// What waits to be written, together.
    changes: Vec<Queued>,
    /// When the first of these came.
    first: Instant,
}

impl Keeper {
    /// Works until nobody can give it anything any more.
    fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            let next = if self.changes.is_empty() {
                jobs.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else if self.changes.len() < MOST {
                jobs.recv_timeout(self.patience())
            } else {
                Err(RecvTimeoutError::Timeout)
            };
            match next {
                Ok(Job::Work(work)) => self.harmless(|keeper| work(&mut keeper.store)),
                Ok(Job::Change(change)) => {
                    if self.changes.is_empty() {
                        self.first = Instant::now();
                    }
                    self.changes.push(change);
                }
                Err(RecvTimeoutError::Disconnected) if self.changes.is_empty() => return,
                Err(_) => self.harmless(|keeper| {
                    let changes = std::mem::take(&mut keeper.changes);
                    keeper.store.write_each(changes);
                }),
            }
        }
    }

    /// How long what waits may wait for more. What is already there it gets in no time.
    fn patience(&self) -> Duration {
        if self.changes.len() < ENOUGH && apart::is_reading() {
            PATIENCE.saturating_sub(self.first.elapsed())
        } else {
            Duration::ZERO
        }
    }

    /// Does what may panic: its transaction is rolled back then, and whoever waits for it learns that no word will come.
    fn harmless(&mut self, work: impl FnOnce(&mut Self)) {
        let _ = catch_unwind(AssertUnwindSafe(|| work(self)));
    }
}

impl Drop for Archive {
    /// Closes the database, once what was begun is done.
    fn drop(&mut self) {
        self.jobs = None;
        let ended = self.ended.get_mut().unwrap_or_else(PoisonError::into_inner);
        let _ = ended.recv_timeout(LEFTOVERS);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::pipeline::apart::{LONGEST, apart};

    #[tokio::test]
    async fn what_was_read_is_kept_though_another_document_takes_long() {
        let archive = Archive::new(Store::in_memory().unwrap()).unwrap();
        let (end, ended) = mpsc::channel::<()>();
        let (tell, is_under_way) = oneshot::channel();
        let slow = tokio::spawn(apart(LONGEST, move || {
            tell.send(()).unwrap();
            ended.recv().unwrap_err();
        }));
        is_under_way.await.unwrap();
        assert!(apart::is_reading());
        archive.write(|_| Ok(())).await.unwrap();
        drop(end);
        slow.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn what_comes_at_one_time_is_kept_each_change_for_itself() {
        let archive = Archive::new(Store::in_memory().unwrap()).unwrap();
        let runs = Arc::new(AtomicUsize::new(0));
        let changes = (0..MOST + 2).map(|number| {
            let runs = Arc::clone(&runs);
            archive.write(move |_| {
                runs.fetch_add(1, Ordering::Relaxed);
                if number == 1 {
                    return Err(store::Error::DiskFull { path: "x".into() });
                }
                Ok(number)
            })
        });
        let told = futures_util::future::join_all(changes).await;
        assert!(told.len() > MOST && runs.load(Ordering::Relaxed) >= told.len());
        for (number, told) in told.into_iter().enumerate() {
            assert_eq!(told.is_ok(), number != 1, "{number}");
        }
    }

    #[tokio::test]
    async fn work_that_panics_harms_nobody_else() {
        let archive = Archive::new(Store::in_memory().unwrap()).unwrap();
        let fell = archive.write::<()>(|_| panic!("a fault of ours")).await;
        assert!(matches!(fell, Err(Error::Stumbled)));
        archive.write(|_| Ok(())).await.unwrap();
        let sources = archive.with(|store| Ok(store.states()?)).await;
        assert!(sources.unwrap().is_empty());
    }
}
