//! The store, shared by all visits. One thread uses it, always the same: what a transaction needed of memory serves the next.
//! What several visits have to write at one time is written together.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::Builder;
use std::time::Duration;

use tokio::sync::oneshot;

use super::error::Error;
use crate::store::{self, Queued, Store, Write};

/// How many sources are stored in one transaction: more save little, and keep others waiting.
const MOST: usize = 32;
/// So long the end of what was begun is waited for when nobody needs the store any more.
const LEFTOVERS: Duration = Duration::from_secs(2);

type Job = Box<dyn FnOnce(&mut Store) + Send>;

/// The store with its queue.
pub(super) struct Archive {
    /// `None` once it is dropped.
    jobs: Option<Sender<Job>>,
    queue: Arc<Mutex<VecDeque<Queued>>>,
    /// Gives nothing, and ends with the thread.
    ended: Mutex<Receiver<()>>,
}

impl Archive {
    /// Gives the store to a thread of its own.
    ///
    /// # Errors
    /// [`Error::Thread`].
    pub(super) fn new(mut store: Store) -> Result<Arc<Self>, Error> {
        let (jobs, waiting) = mpsc::channel::<Job>();
        let (ends, ended) = mpsc::channel();
        let work = move || {
            for job in waiting {
                // its transaction rolls back when one panics; whoever waits for it learns that no word will come
                let _ = catch_unwind(AssertUnwindSafe(|| job(&mut store)));
            }
            drop(store);
            drop(ends);
        };
        let thread = Builder::new().name("agg-store".to_owned());
        thread.spawn(work).map_err(Error::Thread)?;
        Ok(Arc::new(Self {
            jobs: Some(jobs),
            queue: Arc::default(),
            ended: Mutex::new(ended),
        }))
    }

    /// Runs `work` with the store on its thread.
    pub(super) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (tell, told) = oneshot::channel();
        self.give(Box::new(move |store| {
            // who does not wait any more wants nothing
            if !tell.is_closed() {
                drop(tell.send(work(store)));
            }
        }));
        told.await.map_err(|_| Error::Stumbled)?
    }

    /// Runs `change` in a transaction, with what else waits to be written: all of it is kept when this returns, or, if it
    /// fails, nothing. It may run more than once, each time on what was there before.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        change: impl Fn(&mut Write<'_>) -> Result<T, store::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (tell, told) = oneshot::channel();
        let queued = Queued::new(change, move |result| drop(tell.send(result)));
        lock(&self.queue).push_back(queued);
        let queue = Arc::clone(&self.queue);
        self.give(Box::new(move |store| {
            let batch: Vec<Queued> = {
                let mut queue = lock(&queue);
                let most = queue.len().min(MOST);
                queue.drain(..most).collect()
            };
            // the job before may have written it
            if !batch.is_empty() {
                store.write_each(batch);
            }
        }));
        Ok(told.await.map_err(|_| Error::Stumbled)??)
    }

    fn give(&self, job: Job) {
        let jobs = self.jobs.as_ref().expect("it is there until the end");
        // a job that nobody takes is dropped, and whoever waits for it learns that
        let _ = jobs.send(job);
    }
}

impl Drop for Archive {
    /// Closes the database, once what was begun is done.
    fn drop(&mut self) {
        self.jobs = None;
        let _ = lock(&self.ended).recv_timeout(LEFTOVERS);
    }
}

/// What the lock guards, whoever held it last.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
