//! The store, shared by all visits: one of them writes at a time, and what others have to write meanwhile goes with the next.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Mutex as Turn;
use tokio::sync::oneshot::{self, error::TryRecvError};
use tokio::task::spawn_blocking;

use super::error::Error;
use crate::store::{self, Queued, Store, Write};

/// How many sources are stored in one transaction: more save little, and keep others waiting.
const MOST: usize = 32;

/// The store with its queue.
pub(super) struct Archive {
    store: Mutex<Store>,
    /// Held by whoever uses the store, so that no thread has to wait for it.
    turn: Turn<()>,
    queue: Mutex<VecDeque<Queued>>,
}

impl Archive {
    pub(super) fn new(store: Store) -> Arc<Self> {
        Arc::new(Self {
            store: Mutex::new(store),
            turn: Turn::default(),
            queue: Mutex::default(),
        })
    }

    /// Runs `work` with the store on a thread where blocking is allowed.
    pub(super) async fn with<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Store) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _turn = self.turn.lock().await;
        let archive = Arc::clone(self);
        spawn_blocking(move || work(&mut lock(&archive.store))).await?
    }

    /// Runs `change` in a transaction, with what else waits to be written: all of it is kept when this returns, or, if it
    /// fails, nothing.
    pub(super) async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        change: impl FnOnce(&mut Write<'_>) -> Result<T, store::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (tell, mut told) = oneshot::channel();
        // who does not wait for the word any more needs none
        let queued = Queued::new(change, move |result| drop(tell.send(result)));
        lock(&self.queue).push_back(queued);
        let _turn = self.turn.lock().await;
        loop {
            // whoever had the turn before may have written it
            match told.try_recv() {
                Ok(result) => return Ok(result?),
                Err(TryRecvError::Closed) => return Err(Error::Unwritten),
                Err(TryRecvError::Empty) => {}
            }
            let archive = Arc::clone(self);
            spawn_blocking(move || {
                let mut store = lock(&archive.store);
                let batch = {
                    let mut queue = lock(&archive.queue);
                    let most = queue.len().min(MOST);
                    queue.drain(..most).collect()
                };
                store.write_each(batch);
            })
            .await?;
        }
    }
}

/// What the lock guards, whoever held it last: the store's transactions roll back when a holder panics.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
